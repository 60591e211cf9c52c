//! "Did you mean": the nearest of some names, by the weighted edit distance that CPython uses.

const MOVE_COST: usize = 2;
const CASE_COST: usize = 1;
const MAX_CANDIDATES: usize = 750;
const MAX_LENGTH: usize = 40;

fn substitution(a: char, b: char) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE_COST
    } else {
        MOVE_COST
    }
}

/// The distance of two names, or something above `max` as soon as it is known to be above.
fn distance(a: &str, b: &str, max: usize) -> usize {
    if a == b {
        return 0;
    }
    let (mut a, mut b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    a.drain(..head);
    b.drain(..head);
    let tail = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    a.truncate(a.len() - tail);
    b.truncate(b.len() - tail);
    if a.is_empty() || b.is_empty() {
        return MOVE_COST * (a.len() + b.len());
    }
    if a.len() > MAX_LENGTH || b.len() > MAX_LENGTH {
        return max + 1;
    }
    if b.len() < a.len() {
        std::mem::swap(&mut a, &mut b);
    }
    if (b.len() - a.len()) * MOVE_COST > max {
        return max + 1;
    }
    let mut row: Vec<usize> = (1..=a.len()).map(|i| i * MOVE_COST).collect();
    let mut result = 0;
    for (j, &y) in b.iter().enumerate() {
        let mut above_left = j * MOVE_COST;
        result = above_left;
        let mut least = usize::MAX;
        let mut left = (j + 1) * MOVE_COST;
        for (cell, &x) in row.iter_mut().zip(&a) {
            let above = *cell;
            result = (above_left + substitution(x, y)).min(left.min(above) + MOVE_COST);
            above_left = above;
            left = result;
            *cell = result;
            least = least.min(result);
        }
        if least > max {
            return max + 1;
        }
    }
    result
}

/// The candidate nearest to a name, if one is near enough.
pub fn closest_name(name: &str, candidates: &[String]) -> Option<String> {
    if candidates.len() > MAX_CANDIDATES {
        return None;
    }
    let size = name.chars().count();
    let mut best: Option<(&String, usize)> = None;
    for candidate in candidates {
        if candidate == name {
            continue;
        }
        let mut max = (size + candidate.chars().count() + 3) * MOVE_COST / 6;
        if let Some((_, least)) = best {
            max = max.min(least.saturating_sub(1));
        }
        let found = distance(name, candidate, max);
        if found <= max && best.is_none_or(|(_, least)| found < least) {
            best = Some((candidate, found));
        }
    }
    best.map(|(candidate, _)| candidate.clone())
}

#[cfg(test)]
mod tests {
    use super::closest_name;

    #[test]
    fn near_names_are_found() {
        let names = ["append", "extend", "Append"].map(str::to_owned);
        assert_eq!(closest_name("appendd", &names).as_deref(), Some("append"));
        assert_eq!(closest_name("zzz", &names), None);
    }
}
