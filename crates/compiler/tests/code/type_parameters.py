def f[T: int, *Ts, **P = [int]](x: T) -> T: pass
class G[T](Base):
    y: T
type A[T] = list[T]
