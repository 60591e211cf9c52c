print(f'name}')
