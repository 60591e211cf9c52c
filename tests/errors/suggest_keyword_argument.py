def configure(timeout=1, retries=2):
    pass


configure(timeut=3)
