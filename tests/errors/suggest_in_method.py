class Account:
    balance = 0

    def deposit(self, amount):
        balanse = amount
        return balance + self.balanc


try:
    Account().deposit(1)
except NameError as e:
    print(e)
Account.balance = 1
print(Account().balnce)
