value = "abc"
print(-value)
