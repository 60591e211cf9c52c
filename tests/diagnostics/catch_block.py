try:
    pass
catch Error:
    pass
