//! The sponge of SHA-3 and SHAKE (FIPS 202).

const ROUNDS: [u64; 24] = [
    0x0000_0000_0000_0001,
    0x0000_0000_0000_8082,
    0x8000_0000_0000_808a,
    0x8000_0000_8000_8000,
    0x0000_0000_0000_808b,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8009,
    0x0000_0000_0000_008a,
    0x0000_0000_0000_0088,
    0x0000_0000_8000_8009,
    0x0000_0000_8000_000a,
    0x0000_0000_8000_808b,
    0x8000_0000_0000_008b,
    0x8000_0000_0000_8089,
    0x8000_0000_0000_8003,
    0x8000_0000_0000_8002,
    0x8000_0000_0000_0080,
    0x0000_0000_0000_800a,
    0x8000_0000_8000_000a,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8080,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8008,
];

/// How far each lane turns, in the order in which `LANES` visits them.
const TURNS: [u32; 24] = [
    1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
];
const LANES: [usize; 24] = [
    10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
];

fn permute(a: &mut [u64; 25]) {
    for round in ROUNDS {
        // Theta
        let mut c = [0u64; 5];
        for x in 0..5 {
            c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        }
        for x in 0..5 {
            let d = c[(x + 4) % 5] ^ c[(x + 1) % 5].rotate_left(1);
            for y in 0..5 {
                a[x + 5 * y] ^= d;
            }
        }
        // Rho and pi
        let mut last = a[1];
        for (lane, turn) in LANES.into_iter().zip(TURNS) {
            let next = a[lane];
            a[lane] = last.rotate_left(turn);
            last = next;
        }
        // Chi
        for row in a.as_chunks_mut::<5>().0 {
            let old = *row;
            for x in 0..5 {
                row[x] = old[x] ^ !old[(x + 1) % 5] & old[(x + 2) % 5];
            }
        }
        // Iota
        a[0] ^= round;
    }
}

/// A sponge that takes up bytes.
#[derive(Clone)]
pub struct Sponge {
    lanes: [u64; 25],
    /// Bytes of a block.
    rate: usize,
    /// Bytes of the current block that were taken up.
    at: usize,
    /// What follows the message.
    suffix: u8,
}

impl Sponge {
    /// An empty sponge with blocks of `rate` bytes.
    pub fn new(rate: usize, suffix: u8) -> Sponge {
        Sponge {
            lanes: [0; 25],
            rate,
            at: 0,
            suffix,
        }
    }

    fn mix(&mut self, at: usize, byte: u8) {
        if let Some(lane) = self.lanes.get_mut(at / 8) {
            *lane ^= u64::from(byte) << (8 * (at % 8));
        }
    }

    /// Takes bytes up.
    pub fn absorb(&mut self, mut bytes: &[u8]) {
        while let Some((&byte, rest)) = bytes.split_first() {
            if self.at.is_multiple_of(8)
                && self.at + 8 <= self.rate
                && let Some((word, rest)) = bytes.split_first_chunk::<8>()
            {
                if let Some(lane) = self.lanes.get_mut(self.at / 8) {
                    *lane ^= u64::from_le_bytes(*word);
                }
                self.at += 8;
                bytes = rest;
            } else {
                self.mix(self.at, byte);
                self.at += 1;
                bytes = rest;
            }
            if self.at == self.rate {
                permute(&mut self.lanes);
                self.at = 0;
            }
        }
    }

    /// The first `length` bytes of the hash of what was taken up.
    pub fn squeeze(&self, length: usize) -> Vec<u8> {
        let mut end = self.clone();
        end.mix(self.at, self.suffix);
        end.mix(self.rate - 1, 0x80);
        permute(&mut end.lanes);
        let mut out = Vec::with_capacity(length);
        while out.len() < length {
            if !out.is_empty() {
                permute(&mut end.lanes);
            }
            let block = end.lanes.iter().flat_map(|lane| lane.to_le_bytes());
            out.extend(block.take(self.rate.min(length - out.len())));
        }
        out
    }
}
