"""Trains decimal, fractions, statistics and datetime arithmetic."""

import statistics
import sys
from datetime import date, datetime, time, timedelta, timezone
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from fractions import Fraction

CENT = Decimal("0.01")


def loan(amount, rate, months):
    amount = Decimal(amount)
    monthly = Decimal(rate) / 1200
    payment = (amount * monthly / (1 - (1 + monthly) ** -months)).quantize(CENT, ROUND_HALF_UP)
    paid = Decimal(0)
    while amount > 0:
        interest = (amount * monthly).quantize(CENT)
        part = min(payment, amount + interest)
        amount += interest - part
        paid += part
    return paid


def root(value, digits):
    with localcontext() as context:
        context.prec = digits + 5
        guess = Decimal(value) / 2 or Decimal(1)
        for _ in range(digits // 3):
            guess = (guess + value / guess) / 2
        difference = abs(guess - Decimal(value).sqrt())
    return +guess, difference < Decimal(10) ** -digits


def split_bill(total, heads):
    each = (Decimal(total) / heads).quantize(CENT, ROUND_DOWN)
    shares = [each] * heads
    for n in range(int((Decimal(total) - sum(shares)) / CENT)):
        shares[n] += CENT
    assert sum(shares) == Decimal(total)
    return max(shares), str(min(shares)), f"{sum(shares):,.3f}", each.as_tuple().exponent


def egyptian(value):
    parts = []
    while value:
        bottom = -(-value.denominator // value.numerator)
        parts.append(bottom)
        value -= Fraction(1, bottom)
    return parts


def bernoulli(count):
    row, result = [], []
    for m in range(count):
        row.append(Fraction(1, m + 1))
        for j in range(m, 0, -1):
            row[j - 1] = j * (row[j - 1] - row[j])
        result.append(row[0])
    return result


def continued(value, depth=8):
    terms = []
    for _ in range(depth):
        whole = value.numerator // value.denominator
        terms.append(whole)
        value -= whole
        if not value:
            break
        value = 1 / value
    return terms


def summary(seed):
    data = [(n * n * 7 + seed) % 83 for n in range(25)]
    halves = [Fraction(n, 3) for n in data[:8]]
    return (statistics.fmean(data) + statistics.median(data) + statistics.pstdev(data)
            + statistics.mode(data) + float(statistics.mean(halves))
            + statistics.quantiles(data, n=4)[2] + statistics.variance(data[:10]))


def calendar_figures(seed):
    start = datetime(2023, 12, 30, 22, 15, 30, tzinfo=timezone.utc) + timedelta(hours=seed * 5)
    zone = timezone(timedelta(hours=-3, minutes=-30))
    total = 0
    for step in range(8):
        moment = start + timedelta(days=step * 19, minutes=step * 77)
        local = moment.astimezone(zone)
        back = datetime.fromisoformat(local.isoformat())
        assert back == moment and back.utcoffset() == timedelta(hours=-3.5)
        total += len(moment.strftime("%A %d %B %Y %H:%M:%S")) + local.hour * 2 + local.weekday()
        total += (moment - start) // timedelta(hours=7) + moment.date().toordinal() % 100
        total += moment.replace(month=1, day=1).timetuple().tm_yday + local.isocalendar().week
    stamp = datetime.strptime(f"{seed % 28 + 1:02}/02/2024 07:05", "%d/%m/%Y %H:%M")
    days = sorted({date(2024, 1 + n % 12, 1 + n % 28) for n in range(seed, seed + 30)})
    longest = max(b - a for a, b in zip(days, days[1:]))
    early = min(time(n * 7 % 24, n) for n in range(1, 20))
    return total + stamp.day + longest.days + early.minute + int(timedelta(1.5, 20).total_seconds())


def main(scale):
    total = 0
    for seed in range(45 * scale):
        paid = loan(5000 + seed * 10, "4.75", 24)
        value, close = root(seed + 2, 30)
        high, low, shown, exponent = split_bill(f"{100 + seed}.37", 7)
        parts = egyptian(Fraction(seed % 7 + 3, 11))
        try:
            Decimal("twelve")
        except InvalidOperation:
            total += 1
        figures = (int(paid * 100), int(value * 10**20), close, int(high * 100), len(low + shown),
                   -exponent, sum(parts), bernoulli(11)[10].denominator,
                   sum(continued(Fraction(415 + seed, 93))), round(summary(seed) * 1e6),
                   calendar_figures(seed), int(Decimal(seed + 1).ln() * 10**9),
                   hash(Decimal(seed) / 4) == hash(seed / 4), round(Fraction(seed, 7), 2).numerator)
        for figure in figures:
            total = (total * 61 + figure) % 1_000_003
    print("exact numbers", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
