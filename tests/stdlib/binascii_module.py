import binascii
def t(f,*a,**k):
    try: print(f.__name__, a,k, '->', repr(f(*a,**k)))
    except BaseException as e: print(f.__name__, a,k, '!!', type(e).__module__, type(e).__name__, e)
B=binascii
for d in (b'',b'a',b'ab',b'abc',b'abcd',bytearray(b'xyz')):
    t(B.b2a_base64,d); t(B.b2a_base64,d,newline=False); t(B.b2a_uu,d); t(B.b2a_uu,d,backtick=True); t(B.hexlify,d); t(B.crc32,d); t(B.crc_hqx,d,0); t(B.b2a_qp,d)
for d in (b'YWJj',b'YWJ',b'YW',b'Y',b'YWI=',b'YQ==',b'YQ=',b'YQ',b'Y WJ\nj',b'YWJj=',b'YWJj==',b'YQ==YWJj',b'====',b'=',b'YW=J',b'YWJjYQ==\n',b'!YWJj',b'YWJj!',b'Y===',b'YWI=x','YWJj','YWJ\xe9',b'YQ==\n\n',b'a=b==', b'ab=c=',b'ab==c',b'abc=d',b'',b'\n',b'ab:(){:|:&};:==', b'=ab=',b'YWJjYWJ=='):
    t(B.a2b_base64,d); t(B.a2b_base64,d,strict_mode=True)
t(B.a2b_base64,5); t(B.a2b_base64,None)
for d in (b'',b'61',b'6',b'6g',b'zz','6162','é1',b'61 62',bytearray(b'FFfe')): t(B.unhexlify,d)
t(B.unhexlify,5)
for s,n in ((':',1),(b':',2),('::',1),('é',1),(':',-2),(':',0),('',1),(5,1),(':',3),('\x80',2)):
    t(B.hexlify,b'\x01\x02\x03\x04\x05',s,n)
t(B.hexlify,b'abc',bytes_per_sep=2); t(B.hexlify,'abc'); t(B.hexlify,b'abcdef',sep='-',bytes_per_sep=4)
for d in (b'',b' ',b'#86)C\n',b'#86)C',b'!',b'!80\n',b'#86)\n',b'#86)C  \n',b'#86)Cx\n',b'$86)C9 ',b'#\x01\x02',b'M', b'"86)'): t(B.a2b_uu,d)
t(B.b2a_uu,b'x'*46); t(B.b2a_uu,b'x'*45)
for d in (b'a=20b',b'a=\nb',b'a=\r\nb',b'=',b'=4',b'=ZZ',b'=3d',b'a_b',b'==', b'a  \n', 'x=41',b'=AX',b'= \n',b'=\r',b'a=x\nb'):
    t(B.a2b_qp,d); t(B.a2b_qp,d,header=True)
for d in (b'a b\tc',b'a ',b'a\t\n',b'a \r\nb',b'.',b'.\n',b'\n.\na',b'=',b'\xff\x00\x01',b'x'*80,b'x'*75+b'=',b'x'*76,b'x'*77,b'a_b c',b'x'*74+b' \n',b'abc\r\ndef\n',b'\r\n',b'\n',b'a\rb', b'   ', b'x'*200+b'\n'+b' '*80):
    for q in (0,1):
        for i in (0,1):
            for h in (0,1): t(B.b2a_qp,d,q,i,h)
t(B.crc32,b'abc',5); t(B.crc32,b'abc',-1); t(B.crc32,b'abc',1<<40); t(B.crc_hqx,b'abc',1<<20); t(B.crc_hqx,b'abc',-1); t(B.crc32,'a'); t(B.crc_hqx,b'')
print(B.Error.__mro__, B.Incomplete.__mro__)
