"""Method calls and attributes of an instance."""

import pyperf


class Account:
    def __init__(self):
        self.balance = 0
        self.moves = 0

    def deposit(self, amount):
        self.balance += amount
        self.moves += 1

    def get(self):
        return self.balance


def method_attr(n):
    account = Account()
    for i in range(n):
        account.deposit(i)
        if account.get() > 1_000_000:
            account.balance = 0
    return account.moves


if __name__ == "__main__":
    assert method_attr(10) == 10
    pyperf.Runner().bench_func("method_attr", method_attr, 100_000)
