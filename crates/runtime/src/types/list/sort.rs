//! Sorting: stable, with every comparison able to raise.
//!
//! While a list is being sorted it is empty, as on CPython: whoever changes it meanwhile makes the sort end in a
//! ValueError. What is sorted is a permutation of item numbers, so that an exception at any point leaves every item in
//! its place somewhere in the list. Keys of one exact type (small ints, floats, strings) run no Python code and take a
//! faster way with the same result; all others go through natural runs and merges (Auger, Jugé, Nicaud, Pivoteau: "On
//! the worst-case complexity of TimSort"; Munro, Wild: "Nearly-optimal mergesorts").

use std::cmp::Ordering;

use smallvec::SmallVec;
use viv_bytecode::CompareOp;
use viv_heap::{HVec, Object, Ref};

use crate::args::Args;
use crate::native::bind::{check_keyword_count, unexpected_keyword};
use crate::object::{Float, Int, List, Str, StrData};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::vm::Vm;

/// `list.sort(*, key=None, reverse=False)`
pub fn sort(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let list = receiver::<List>(vm, this)?;
    if !args.pos().is_empty() {
        return Err(vm.type_error("sort() takes no positional arguments"));
    }
    check_keyword_count(vm, "sort", args, 2)?;
    let (mut key, mut reverse) = (None, false);
    for (name, value) in args.keywords() {
        match name.as_ascii() {
            Some("key") => key = Some(value).filter(|k| !vm.is_none(k)),
            Some("reverse") => reverse = protocol::is_true(vm, value)?,
            _ => {
                return Err(unexpected_keyword(vm, "sort", name, &["key", "reverse"]));
            }
        }
    }
    sort_list(vm, list, key, reverse)?;
    Ok(vm.none_ref())
}

/// Marks a list that is being sorted: it keeps what memory it gets meanwhile, which tells that it was changed.
pub const SORTING: u32 = 1 << viv_heap::Flags::KIND_BITS_SHIFT;

/// Sorts a list in place.
///
/// # Errors
/// What a key function or a comparison raises; ValueError where one of them changed the list.
pub fn sort_list(vm: &Vm, list: &List, key: Option<&Object>, reverse: bool) -> PyResult<()> {
    let mut items = list.take_all();
    list.head.set_flags(SORTING);
    let result = sort_items(vm, &mut items, key, reverse);
    list.head.clear_flags(SORTING);
    let meanwhile = list.replace_all(items);
    let changed = meanwhile.capacity() != 0;
    let mut meanwhile = meanwhile;
    while let Some(item) = meanwhile.pop() {
        drop(item);
    }
    result?;
    if changed {
        Err(vm.value_error("list modified during sort"))
    } else {
        Ok(())
    }
}

/// Up to this many items are sorted where they stand, if they are plain.
const FEW: usize = 48;

/// As many items as most lists that are sorted by a key have: they need no memory of their own.
const SHORT: usize = 8;

/// Sorts the numbers of a few keys that are ints of 64 bits, floats, or strings of one-byte characters; whether they were
/// such. No Python code runs.
fn order_few(keys: &[Ref], order: &mut [u32]) -> bool {
    fn sort<K>(
        keys: &[Ref],
        order: &mut [u32],
        value: impl Fn(&Ref) -> Option<K>,
        compare: impl Fn(&K, &K) -> Ordering,
    ) -> bool {
        let all = keys.iter().all(|key| value(key).is_some());
        if all {
            let of = |i: u32| keys.get(i as usize).and_then(&value);
            order.sort_by(|a, b| match (of(*a), of(*b)) {
                (Some(a), Some(b)) => compare(&a, &b),
                _ => Ordering::Equal,
            });
        }
        all
    }
    match keys.first() {
        Some(first) if first.is_exact::<Int>() => {
            let value = |k: &Ref| k.downcast_exact::<Int>().and_then(Int::as_i64);
            sort(keys, order, value, i64::cmp)
        }
        Some(first) if first.is_exact::<Float>() => {
            let compare = |a: &f64, b: &f64| a.partial_cmp(b).unwrap_or(Ordering::Equal);
            sort(keys, order, plain_float, compare)
        }
        Some(first) if first.is_exact::<Str>() => {
            let all = keys.iter().all(|key| narrow(key).is_some());
            if all {
                let of = |i: u32| keys.get(i as usize).and_then(narrow);
                order.sort_by(|a, b| of(*a).cmp(&of(*b)));
            }
            all
        }
        _ => false,
    }
}

/// The value of a float that is no NaN, which has no place in an order.
fn plain_float(key: &Ref) -> Option<f64> {
    key.downcast_exact::<Float>()
        .map(Float::value)
        .filter(|value| !value.is_nan())
}

/// Sorts ints of 64 bits, floats, or strings of one-byte characters; whether they were such. No Python code runs.
fn sort_few(items: &mut [Ref], reverse: bool) -> bool {
    fn sort(
        items: &mut [Ref],
        reverse: bool,
        fits: impl Fn(&Ref) -> bool,
        order: impl Fn(&Ref, &Ref) -> Ordering,
    ) -> bool {
        let all = items.iter().all(fits);
        if all && reverse {
            items.sort_by(|a, b| order(b, a));
        } else if all {
            items.sort_by(order);
        }
        all
    }
    let Some(first) = items.first() else {
        return true;
    };
    if first.is_exact::<Int>() {
        let key = |k: &Ref| k.downcast_exact::<Int>().and_then(Int::as_i64);
        let order = |a: &Ref, b: &Ref| key(a).cmp(&key(b));
        sort(items, reverse, |k| key(k).is_some(), order)
    } else if first.is_exact::<Float>() {
        let key = plain_float;
        let order = |a: &Ref, b: &Ref| key(a).partial_cmp(&key(b)).unwrap_or(Ordering::Equal);
        sort(items, reverse, |k| key(k).is_some(), order)
    } else {
        let order = |a: &Ref, b: &Ref| narrow(a).cmp(&narrow(b));
        sort(items, reverse, |k| narrow(k).is_some(), order)
    }
}

fn sort_items(vm: &Vm, items: &mut HVec<Ref>, key: Option<&Object>, reverse: bool) -> PyResult<()> {
    if key.is_none() && items.len() <= FEW && sort_few(items, reverse) {
        return Ok(());
    }
    let mut keys: SmallVec<[Ref; SHORT]> = SmallVec::new();
    if let Some(key) = key {
        for item in items.iter() {
            keys.push(protocol::call_one(vm, key, item)?);
        }
    }
    let n = items.len();
    if n < 2 {
        return Ok(());
    }
    let Ok(count) = u32::try_from(n) else {
        return Err(vm.no_memory());
    };
    let mut order: SmallVec<[u32; SHORT]> = (0..count).collect();
    if reverse {
        order.reverse();
    }
    let result = {
        let keys: &[Ref] = if key.is_some() { &keys } else { items };
        if n <= FEW && order_few(keys, &mut order) {
            Ok(())
        } else {
            order_keys(vm, keys, &mut order)
        }
    };
    if reverse {
        order.reverse();
    }
    // Also after an exception: CPython leaves the items in the order reached.
    let mut old: SmallVec<[Option<Ref>; SHORT]> = items.drain(..).map(Some).collect();
    // The room stays.
    items.extend(
        order
            .iter()
            .filter_map(|&i| old.get_mut(i as usize).and_then(Option::take)),
    );
    result
}

/// Sorts numbers of keys by values that stand beside them.
fn order_by<T>(
    order: &mut [u32],
    value: impl Fn(usize) -> T,
    compare: impl Fn(&(T, u32), &(T, u32)) -> Ordering,
) {
    let mut pairs: Vec<(T, u32)> = order.iter().map(|&i| (value(i as usize), i)).collect();
    pairs.sort_by(compare);
    for (place, (_, i)) in order.iter_mut().zip(pairs) {
        *place = i;
    }
}

/// How many bytes all strings begin with alike.
fn common_prefix(strings: &[&[u8]]) -> usize {
    let Some((first, others)) = strings.split_first() else {
        return 0;
    };
    let mut common = first.len();
    for other in others {
        let alike = first[..common].iter().zip(*other);
        common = alike.take_while(|(a, b)| a == b).count();
        if common == 0 {
            break;
        }
    }
    common
}

/// The first eight bytes as a number: most strings differ there, or where they cease to be alike.
fn beginning(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    let len = bytes.len().min(8);
    word[..len].copy_from_slice(&bytes[..len]);
    u64::from_be_bytes(word)
}

/// Sorts `order`, numbers of keys, by the keys.
fn order_keys(vm: &Vm, keys: &[Ref], order: &mut [u32]) -> PyResult<()> {
    if let Some(ints) = keys
        .iter()
        .map(|k| k.downcast_exact::<Int>().and_then(Int::as_i64))
        .collect::<Option<Vec<i64>>>()
    {
        order_by(order, |i| ints[i], |a, b| a.0.cmp(&b.0));
        return Ok(());
    }
    if let Some(floats) = floats(keys) {
        order_by(
            order,
            |i| floats[i],
            |a, b| a.0.partial_cmp(&b.0).unwrap_or(Ordering::Equal),
        );
        return Ok(());
    }
    if let Some(strings) = keys
        .iter()
        .map(|k| k.downcast_exact::<Str>())
        .collect::<Option<Vec<&Str>>>()
    {
        if let Some(bytes) = strings
            .iter()
            .map(|s| one_byte(s))
            .collect::<Option<Vec<&[u8]>>>()
        {
            let common = common_prefix(&bytes);
            order_by(
                order,
                |i| beginning(&bytes[i][common..]),
                |a, b| {
                    let whole = || bytes[a.1 as usize].cmp(bytes[b.1 as usize]);
                    a.0.cmp(&b.0).then_with(whole)
                },
            );
        } else {
            order.sort_by(|&a, &b| strings[a as usize].chars().cmp(strings[b as usize].chars()));
        }
        return Ok(());
    }
    merge_sort(order, &mut |a, b| {
        protocol::compare_bool(vm, &keys[a as usize], &keys[b as usize], CompareOp::Lt)
    })
}

/// The values, where all keys are floats and none is NaN (which has no place in an order).
fn floats(keys: &[Ref]) -> Option<Vec<f64>> {
    keys.iter().map(plain_float).collect()
}

/// The characters of an exact string of one-byte characters.
fn narrow(object: &Ref) -> Option<&[u8]> {
    object.downcast_exact::<Str>().and_then(one_byte)
}

fn one_byte(string: &Str) -> Option<&[u8]> {
    match string.data() {
        StrData::One(bytes) => Some(bytes),
        _ => None,
    }
}

type Less<'a> = dyn FnMut(u32, u32) -> PyResult<bool> + 'a;

/// Natural runs, extended by binary insertion to a least length, merged by powers.
fn merge_sort(order: &mut [u32], less: &mut Less<'_>) -> PyResult<()> {
    let n = order.len();
    let least = least_run(n);
    // Runs waiting to be merged: start, length, power of the boundary before them.
    let mut waiting: Vec<(usize, usize, u32)> = Vec::new();
    let mut start = 0;
    while start < n {
        let mut len = find_run(&mut order[start..], less)?;
        if len < least {
            let forced = least.min(n - start);
            insertion_sort(&mut order[start..start + forced], len, less)?;
            len = forced;
        }
        let mut power = 0;
        if let Some(&(s1, n1, _)) = waiting.last() {
            power = boundary_power(s1, n1, len, n);
            while let [.., (s0, _, _), (s1, n1, p1)] = waiting[..]
                && p1 > power
            {
                merge(&mut order[s0..s1 + n1], s1 - s0, less)?;
                waiting.pop();
                if let Some(last) = waiting.last_mut() {
                    last.1 += n1;
                }
            }
        }
        waiting.push((start, len, power));
        start += len;
    }
    while let [.., (s0, _, _), (s1, n1, _)] = waiting[..] {
        merge(&mut order[s0..s1 + n1], s1 - s0, less)?;
        waiting.pop();
        if let Some(last) = waiting.last_mut() {
            last.1 += n1;
        }
    }
    Ok(())
}

fn least_run(mut n: usize) -> usize {
    let mut odd = 0;
    while n >= 64 {
        odd |= n & 1;
        n >>= 1;
    }
    n + odd
}

/// The power of the boundary between two neighbouring runs: how early the ideal merge tree splits there.
fn boundary_power(s1: usize, n1: usize, n2: usize, n: usize) -> u32 {
    let mut a = 2 * s1 as u128 + n1 as u128;
    let mut b = a + n1 as u128 + n2 as u128;
    let n = 2 * n as u128;
    let mut power = 0;
    loop {
        power += 1;
        a *= 2;
        b *= 2;
        if a / n != b / n || power > 64 {
            return power;
        }
        a %= n;
        b %= n;
    }
}

/// The length of the run at the beginning. A run that descends is turned round; equal neighbours in it keep their order.
/// What is compared with what, and how often, is as on CPython: scripts see it in `__lt__`.
fn find_run(order: &mut [u32], less: &mut Less<'_>) -> PyResult<usize> {
    let count = order.len();
    let mut n = 1;
    while n < count && !less(order[n], order[n - 1])? {
        n += 1;
    }
    if n >= count {
        return Ok(count);
    }
    if n > 1 {
        if less(order[0], order[n - 1])? {
            return Ok(n);
        }
        // All of them are equal, and the next one is smaller: the run descends after all.
        order[..n].reverse();
    }
    n += 1;
    // Equal elements at the end of what has been seen, less one; they are turned twice.
    let mut equal = 0;
    while n < count {
        if less(order[n], order[n - 1])? {
            if equal > 0 {
                order[n - equal - 1..n].reverse();
                equal = 0;
            }
        } else if less(order[n - 1], order[n])? {
            break;
        } else {
            equal += 1;
        }
        n += 1;
    }
    if equal > 0 {
        order[n - equal - 1..n].reverse();
    }
    order[..n].reverse();
    while n < count && !less(order[n], order[n - 1])? {
        n += 1;
    }
    Ok(n)
}

/// Sorts by binary insertion; the first `sorted` are in order already.
fn insertion_sort(order: &mut [u32], sorted: usize, less: &mut Less<'_>) -> PyResult<()> {
    for i in sorted.max(1)..order.len() {
        let pivot = order[i];
        let (mut low, mut high) = (0, i);
        while low < high {
            let middle = low + (high - low) / 2;
            if less(pivot, order[middle])? {
                high = middle
            } else {
                low = middle + 1
            }
        }
        order[low..=i].rotate_right(1);
    }
    Ok(())
}

/// Merges the sorted parts before and from `middle` on.
fn merge(order: &mut [u32], middle: usize, less: &mut Less<'_>) -> PyResult<()> {
    // What already stands in its place at both ends takes no part.
    let skip = gallop(&order[..middle], &mut |x| Ok(!less(order[middle], x)?))?;
    if skip == middle {
        return Ok(());
    }
    let last = order[middle - 1];
    let end = middle + gallop(&order[middle..], &mut |x| less(x, last))?;
    let part = &mut order[skip..end];
    let left: Vec<u32> = part[..middle - skip].to_vec();
    let (mut i, mut j, mut out) = (0, middle - skip, 0);
    let mut result = Ok(());
    while i < left.len() && j < part.len() {
        match less(part[j], left[i]) {
            Ok(true) => {
                part[out] = part[j];
                j += 1;
            }
            Ok(false) => {
                part[out] = left[i];
                i += 1;
            }
            Err(raised) => {
                result = Err(raised);
                break;
            }
        }
        out += 1;
    }
    // The hole is as long as what is left of the left part, also after an exception.
    part[out..out + left.len() - i].copy_from_slice(&left[i..]);
    result
}

/// The number of items at the beginning for which `before` holds; looks at few where there are few.
fn gallop(part: &[u32], before: &mut dyn FnMut(u32) -> PyResult<bool>) -> PyResult<usize> {
    let (mut low, mut step) = (0, 1);
    while low + step <= part.len() && before(part[low + step - 1])? {
        low += step;
        step *= 2;
    }
    let mut high = (low + step - 1).min(part.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if before(part[middle])? {
            low = middle + 1
        } else {
            high = middle
        }
    }
    Ok(low)
}
