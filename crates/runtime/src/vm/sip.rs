//! SipHash-1-3 of bytes that are all at hand, the hash of strings: most are a few bytes long.

/// The hash of bytes under a key.
pub(super) fn hash(key: (u64, u64), bytes: &[u8]) -> u64 {
    let mut state = [
        key.0 ^ 0x736f_6d65_7073_6575,
        key.1 ^ 0x646f_7261_6e64_6f6d,
        key.0 ^ 0x6c79_6765_6e65_7261,
        key.1 ^ 0x7465_6462_7974_6573,
    ];
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        take(&mut state, u64::from_le_bytes(*word));
    }
    // The last word holds what is left, and the length in its highest byte.
    take(
        &mut state,
        (bytes.len() as u64) << 56 | last(bytes, rest.len()),
    );
    state[2] ^= 0xff;
    for _ in 0..3 {
        round(&mut state);
    }
    state[0] ^ state[1] ^ state[2] ^ state[3]
}

#[inline]
fn take(state: &mut [u64; 4], word: u64) {
    state[3] ^= word;
    round(state);
    state[0] ^= word;
}

#[inline]
fn round([a, b, c, d]: &mut [u64; 4]) {
    *a = a.wrapping_add(*b);
    *c = c.wrapping_add(*d);
    *b = b.rotate_left(13) ^ *a;
    *d = d.rotate_left(16) ^ *c;
    *a = a.rotate_left(32).wrapping_add(*d);
    *c = c.wrapping_add(*b);
    *d = d.rotate_left(21) ^ *a;
    *b = b.rotate_left(17) ^ *c;
    *c = c.rotate_left(32);
}

/// The last bytes, fewer than eight, as a number.
#[inline]
fn last(bytes: &[u8], count: usize) -> u64 {
    if count == 0 {
        return 0;
    }
    if let Some(word) = bytes.last_chunk::<8>() {
        return u64::from_le_bytes(*word) >> (64 - 8 * count);
    }
    if let (Some(low), Some(high)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let high = u64::from(u32::from_le_bytes(*high)) << (8 * (count - 4));
        return u64::from(u32::from_le_bytes(*low)) | high;
    }
    let fold = |n, byte: &u8| n << 8 | u64::from(*byte);
    bytes.iter().rev().fold(0, fold)
}

#[cfg(test)]
mod tests {
    use std::hash::Hasher as _;

    use siphasher::sip::SipHasher13;

    #[test]
    fn all_lengths_hash_as_usual() {
        let bytes: Vec<u8> = (0..100u8).map(|n| n.wrapping_mul(151) ^ 0x5a).collect();
        for key in [(0, 0), (0x0123_4567_89ab_cdef, !7)] {
            for end in 0..bytes.len() {
                let mut hasher = SipHasher13::new_with_keys(key.0, key.1);
                hasher.write(&bytes[..end]);
                assert_eq!(super::hash(key, &bytes[..end]), hasher.finish(), "{end}");
            }
        }
    }
}
