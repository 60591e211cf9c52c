import hashlib, hmac
for n in sorted(hashlib.algorithms_guaranteed):
    for d in (b'', b'abc', b'x'*71,b'x'*72, b'y'*135, b'y'*136,b'z'*1000, bytearray(b'q'*168), memoryview(b'abcdef')[::2].tobytes()):
        h=hashlib.new(n, d); h.update(b'more'); c=h.copy(); c.update(b'c')
        a=(50,) if n.startswith('shake') else ()
        print(n, h.hexdigest(*a), c.digest(*a).hex(), h.digest_size, h.block_size, h.name)
print(hashlib.blake2b(b'a', digest_size=20, key=b'k', salt=b's', person=b'p', fanout=2, depth=3, leaf_size=4, node_offset=5, node_depth=1, inner_size=7, last_node=True).hexdigest())
print(hashlib.blake2s(b'a', digest_size=20, key=b'k', salt=b's', person=b'p', fanout=2, depth=3, leaf_size=4, node_offset=5, node_depth=1, inner_size=7, last_node=True).hexdigest())
print(hmac.new(b'k', b'm', 'sha256').hexdigest(), hmac.digest(b'k',b'm','md5'))
import uuid; print(uuid.uuid5(uuid.NAMESPACE_DNS,'x'), uuid.uuid3(uuid.NAMESPACE_DNS,'x'))
import random; random.seed('abc'); print(random.random()); random.seed(b'q'); print(random.getrandbits(70))
