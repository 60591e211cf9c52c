def f():
	if True:
		return {}["tabbed"]


f()
