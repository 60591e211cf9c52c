"""Trains logging: loggers in a tree, filters, formatters, silent levels, errors."""

import io
import logging
import logging.handlers
import sys


class Masking(logging.Filter):
    def __init__(self, word):
        super().__init__()
        self.word = word
        self.seen = 0

    def filter(self, record):
        self.seen += 1
        if isinstance(record.msg, str) and self.word in record.msg:
            record.msg = record.msg.replace(self.word, "***")
        return not record.getMessage().startswith("skip")


class Counting(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.counts = {}

    def emit(self, record):
        key = record.levelname, record.name
        self.counts[key] = self.counts.get(key, 0) + 1


class Brief(logging.Formatter):
    def format(self, record):
        text = super().format(record)
        return text if len(text) < 120 else text[:117] + "..."

    def formatException(self, exc_info):
        return f"!{exc_info[0].__name__}: {exc_info[1]}"


class Order:
    logger = logging.getLogger("shop.orders")

    def __init__(self, number, amount):
        self.number = number
        self.amount = amount

    def __str__(self):
        return f"<order {self.number}>"

    def check(self):
        self.logger.debug("checking %s of %d", self, self.amount)
        if self.amount % 5 == 0:
            self.logger.warning("%s has a round amount: %05.1f", self, self.amount)
        if self.amount % 11 == 0:
            raise ValueError(f"amount {self.amount}")
        return self.amount

    def book(self):
        try:
            return self.check()
        except ValueError:
            self.logger.exception("%s failed", self)
            return 0


def set_up():
    stream = io.StringIO()
    shop = logging.getLogger("shop")
    shop.setLevel(logging.DEBUG)
    shop.propagate = False
    plain = logging.StreamHandler(stream)
    plain.setFormatter(Brief("%(levelname)-8s %(name)s [%(funcName)s] %(message)s"))
    plain.setLevel(logging.INFO)
    masking = Masking("secret")
    plain.addFilter(masking)
    braces = logging.StreamHandler(stream)
    braces.setFormatter(logging.Formatter("{name}|{levelno:>3}|{message}", style="{"))
    braces.setLevel(logging.ERROR)
    counting = Counting()
    memory = logging.handlers.MemoryHandler(25, logging.CRITICAL, target=plain)
    shop.addHandler(plain)
    shop.addHandler(braces)
    shop.addHandler(counting)
    logging.getLogger("shop.mail").addHandler(memory)
    logging.getLogger("shop.mail.queue").setLevel(logging.ERROR)
    return stream, masking, counting, memory


def work(seed):
    mail = logging.getLogger("shop.mail")
    queue = logging.getLogger("shop.mail.queue")
    stock = logging.LoggerAdapter(logging.getLogger("shop.stock"), {"place": "cellar"})
    booked = 0
    for number in range(14):
        order = Order(number, (seed * 7 + number * 13) % 90)
        booked += order.book()
        mail.info("the secret word is %(word)s", {"word": number})
        queue.info("never shown %s", order)
        queue.debug("never shown either %s %s", order, booked)
        if mail.isEnabledFor(logging.DEBUG):
            mail.debug("sum so far: %s", booked)
        if number % 4 == 0:
            stock.error("skip %s" if number % 8 else "shelf %d is empty", number)
        mail.log(logging.CRITICAL if number == 13 else 15, "level %s", logging.getLevelName(30))
    return booked


def main(scale):
    stream, masking, counting, memory = set_up()
    total = 0
    for seed in range(36 * scale):
        booked = work(seed)
        text = stream.getvalue()
        stream.seek(0)
        stream.truncate()
        figures = (booked, len(text), text.count("\n"), text.count("***"), text.count("!Value"),
                   sum(map(len, text.split("|")[::3])))
        for figure in figures:
            total = (total * 59 + figure) % 1_000_003
    memory.close()
    names = sorted(counting.counts.items())
    print("log lines", total, masking.seen, names[0], len(names))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
