# A small program: accounts, transfers, errors, report.
class InsufficientFunds(Exception):
    def __init__(self, account, needed):
        super().__init__(f"{account.owner} needs {needed} more")
        self.needed = needed


class Account:
    _next = 1

    def __init__(self, owner, balance=0):
        self.id, Account._next = Account._next, Account._next + 1
        self.owner, self._balance, self.history = owner, balance, []

    @property
    def balance(self):
        return self._balance

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("deposit must be positive")
        self._balance += amount
        self.history.append(("deposit", amount))

    def withdraw(self, amount):
        if amount > self._balance:
            raise InsufficientFunds(self, amount - self._balance)
        self._balance -= amount
        self.history.append(("withdraw", amount))


class Bank:
    def __init__(self):
        self.accounts = {}

    def open(self, owner, **kw):
        a = Account(owner, **kw)
        self.accounts[a.id] = a
        return a.id

    def transfer(self, src, dst, amount):
        s, d = self.accounts[src], self.accounts[dst]
        try:
            s.withdraw(amount)
        except InsufficientFunds as e:
            raise RuntimeError("transfer failed") from e
        else:
            d.deposit(amount)
        finally:
            print(f"transfer {src}->{dst} {amount}")

    def __iter__(self):
        return iter(sorted(self.accounts.values(), key=lambda a: -a.balance))


bank = Bank()
ann, bob = bank.open("Ann", balance=100), bank.open("Bob")
bank.transfer(ann, bob, 30)
for args in [(bob, ann, 50), (9, ann, 1), (ann, bob, -5)]:
    try:
        bank.transfer(*args)
    except (RuntimeError, KeyError, ValueError) as e:
        print(type(e).__name__, e, "| cause:", e.__cause__, getattr(e.__cause__, "needed", None))
for a in bank:
    print(f"{a.id:>3} {a.owner:<6}{a.balance:>8,.2f} {a.history}")
