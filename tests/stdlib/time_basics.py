# time: clocks go forward, conversion of fixed moments.
import time

a = time.perf_counter()
b = time.perf_counter()
print(b >= a, time.monotonic() <= time.monotonic(), isinstance(time.time(), float), isinstance(time.time_ns(), int), isinstance(time.perf_counter_ns(), int), time.process_time() >= 0)
start = time.monotonic()
time.sleep(0.01)
print(time.monotonic() - start >= 0.009)
t = time.gmtime(0)
print(t.tm_year, t.tm_mon, t.tm_mday, t.tm_hour, t.tm_yday, t.tm_wday, tuple(t), t[0])
print(time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(86400 * 365)), time.asctime(time.gmtime(0)), time.mktime(time.localtime(1000)))
try:
    time.sleep(-1)
except ValueError as e:
    print(e)
