# A context manager lets go of its resource at a known point.
class Resource:
    open_count = 0

    def __enter__(self):
        Resource.open_count += 1
        return self

    def __exit__(self, *exc):
        Resource.open_count -= 1

    def read(self):
        return "data"


with Resource() as f:
    data = f.read()
    print(Resource.open_count)
print(data, Resource.open_count)
