# Two dicts that refer to each other.
import gc

gc.collect()
obj_a = {}
obj_b = {}
obj_a["b_ref"] = obj_b
obj_b["a_ref"] = obj_a
print(obj_a["b_ref"] is obj_b, obj_a["b_ref"]["a_ref"] is obj_a)
print(obj_a)
del obj_a
del obj_b
print(gc.collect())
