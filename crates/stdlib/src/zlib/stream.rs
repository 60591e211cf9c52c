//! Streams of the compression library, with copies.
//!
//! The library cannot copy a stream, so what went in is kept, up to [`KEPT`] bytes; a copy is a new stream that took up
//! the same.

pub use zlib_rs::DeflateFlush as DeflateMode;
use zlib_rs::{
    Deflate, DeflateConfig, DeflateFlush, Inflate, InflateError, InflateFlush, Method, Status,
    Strategy,
};

/// Up to how many bytes of input a stream can be copied.
pub const KEPT: usize = 1 << 20;

/// What went wrong: zlib's number for it and its words.
pub struct Failure(pub i32, pub Option<&'static str>);

/// The parameters of a compressor.
#[derive(Clone, Copy)]
pub struct Parameters {
    /// -1 to 9.
    pub level: i64,
    /// Always 8.
    pub method: i64,
    /// Below 0 for raw streams, above 15 for gzip's header.
    pub wbits: i64,
    /// 1 to 9.
    pub mem_level: i64,
    /// 0 to 4.
    pub strategy: i64,
}

impl Parameters {
    fn config(self) -> Option<DeflateConfig> {
        let wbits = match self.wbits {
            8 => 9,
            9..=15 | -15..=-9 | 25..=31 => self.wbits,
            _ => return None,
        };
        let valid = self.method == 8
            && (-1..=9).contains(&self.level)
            && (1..=9).contains(&self.mem_level)
            && (0..=4).contains(&self.strategy);
        valid.then_some(DeflateConfig {
            level: if self.level < 0 { 6 } else { self.level as i32 },
            method: Method::Deflated,
            window_bits: wbits as i32,
            mem_level: self.mem_level as i32,
            strategy: match self.strategy {
                1 => Strategy::Filtered,
                2 => Strategy::HuffmanOnly,
                3 => Strategy::Rle,
                4 => Strategy::Fixed,
                _ => Strategy::Default,
            },
        })
    }
}

/// How a compressor is to end a piece; nothing for numbers that mean nothing.
pub fn flush_of(mode: i64) -> Option<DeflateFlush> {
    Some(match mode {
        0 => DeflateFlush::NoFlush,
        1 => DeflateFlush::PartialFlush,
        2 => DeflateFlush::SyncFlush,
        3 => DeflateFlush::FullFlush,
        4 => DeflateFlush::Finish,
        5 => DeflateFlush::Block,
        _ => return None,
    })
}

/// What a stream took up, as long as that is little.
struct Kept<T>(Option<(Vec<T>, usize)>);

impl<T> Kept<T> {
    fn new() -> Kept<T> {
        Kept(Some((Vec::new(), 0)))
    }

    fn add(&mut self, size: usize, piece: impl FnOnce() -> T) {
        let fits = self.0.as_ref().is_some_and(|(_, kept)| kept + size <= KEPT);
        match &mut self.0 {
            Some((pieces, kept)) if fits => {
                pieces.push(piece());
                *kept += size;
            }
            kept => *kept = None,
        }
    }
}

/// A stream that compresses.
pub struct Compressor {
    stream: Deflate,
    parameters: Parameters,
    dictionary: Option<Vec<u8>>,
    kept: Kept<(Vec<u8>, DeflateFlush)>,
    /// Whether the end was written.
    pub ended: bool,
}

impl Compressor {
    /// A new stream; nothing where a parameter is out of range.
    pub fn new(parameters: Parameters, dictionary: Option<Vec<u8>>) -> Option<Compressor> {
        let mut stream = Deflate::new_with_config(parameters.config()?);
        if let Some(dictionary) = &dictionary {
            stream.set_dictionary(dictionary).ok()?;
        }
        Some(Compressor {
            stream,
            parameters,
            dictionary,
            kept: Kept::new(),
            ended: false,
        })
    }

    /// Takes bytes up and gives what can be given.
    pub fn run(&mut self, input: &[u8], flush: DeflateFlush) -> Result<Vec<u8>, Failure> {
        if self.ended {
            return Err(Failure(-2, None));
        }
        // Every call counts at least a little, for the place that keeping it takes.
        self.kept.add(input.len() + 32, || (input.to_vec(), flush));
        let mut out = Vec::new();
        let mut rest = input;
        loop {
            let start = out.len();
            out.resize((start * 2).max(4096).max(rest.len() / 8), 0);
            let (read, written) = (self.stream.total_in(), self.stream.total_out());
            let space = out.get_mut(start..).unwrap_or_default();
            let room = space.len();
            let status = self.stream.compress(rest, space, flush);
            let wrote = (self.stream.total_out() - written) as usize;
            rest = rest
                .get((self.stream.total_in() - read) as usize..)
                .unwrap_or_default();
            out.truncate(start + wrote);
            match status {
                Err(_) => return Err(Failure(-2, None)),
                Ok(Status::StreamEnd) => {
                    self.ended = flush == DeflateFlush::Finish;
                    return Ok(out);
                }
                Ok(_) if wrote < room && (rest.is_empty() || wrote == 0) => return Ok(out),
                Ok(_) => {}
            }
        }
    }

    /// A stream in the same state; nothing where too much went in already.
    pub fn copy(&self) -> Option<Compressor> {
        let (pieces, _) = self.kept.0.as_ref()?;
        let mut copy = Compressor::new(self.parameters, self.dictionary.clone())?;
        for (piece, flush) in pieces {
            copy.run(piece, *flush).ok()?;
        }
        Some(copy)
    }
}

/// A stream that decompresses.
pub struct Decompressor {
    stream: Inflate,
    wbits: i64,
    kept: Kept<Vec<u8>>,
    /// Why the data cannot be read, once that is known.
    broken: Option<Option<&'static str>>,
    /// Whether the end was read.
    pub eof: bool,
}

/// What a decompressor gives for a piece.
pub struct Piece {
    /// The bytes.
    pub out: Vec<u8>,
    /// How much of the input was read.
    pub read: usize,
}

impl Decompressor {
    /// A new stream; nothing where the size of the window is out of range.
    pub fn new(wbits: i64) -> Option<Decompressor> {
        if !matches!(wbits, 0 | 8..=15 | -15..=-8 | 16 | 24..=31 | 32 | 40..=47) {
            return None;
        }
        Some(Decompressor {
            stream: Inflate::new(wbits >= 0, wbits.unsigned_abs() as u8),
            wbits,
            kept: Kept::new(),
            broken: None,
            eof: false,
        })
    }

    /// Bytes that were read so far.
    pub fn total_in(&self) -> u64 {
        self.stream.total_in()
    }

    /// Sets the dictionary that the stream asks for, or a raw stream needs.
    pub fn set_dictionary(&mut self, dictionary: &[u8]) -> Result<(), Failure> {
        match self.stream.set_dictionary(dictionary) {
            Ok(_) => Ok(()),
            Err(InflateError::DataError) => Err(Failure(-3, None)),
            Err(_) => Err(Failure(-2, None)),
        }
    }

    /// Reads bytes and gives at most `limit`. A failure of number 2 asks for the dictionary.
    pub fn run(&mut self, input: &[u8], limit: usize, first: usize) -> Result<Piece, Failure> {
        let mut piece = Piece {
            out: Vec::new(),
            read: 0,
        };
        if self.eof {
            return Ok(piece);
        }
        if let Some(words) = self.broken {
            return Err(Failure(-3, words));
        }
        loop {
            let start = piece.out.len();
            let room = (start + start.max(first)).min(limit) - start;
            piece.out.resize(start + room, 0);
            let rest = input.get(piece.read..).unwrap_or_default();
            let (read, written) = (self.stream.total_in(), self.stream.total_out());
            let space = piece.out.get_mut(start..).unwrap_or_default();
            let status = self.stream.decompress(rest, space, InflateFlush::SyncFlush);
            piece.read += (self.stream.total_in() - read) as usize;
            let wrote = (self.stream.total_out() - written) as usize;
            piece.out.truncate(start + wrote);
            match status {
                Ok(Status::StreamEnd) => {
                    self.eof = true;
                    break;
                }
                Ok(_) if wrote < room || piece.out.len() >= limit => break,
                Ok(_) => {}
                Err(InflateError::NeedDict { .. }) => return Err(Failure(2, None)),
                Err(InflateError::MemError) => return Err(Failure(-4, None)),
                Err(InflateError::DataError) => {
                    let words = self.stream.error_message();
                    self.broken = Some(words);
                    return Err(Failure(-3, words));
                }
                Err(InflateError::StreamError) => return Err(Failure(-2, None)),
            }
        }
        let taken = input.get(..piece.read).unwrap_or_default();
        self.kept.add(taken.len(), || taken.to_vec());
        Ok(piece)
    }

    /// A stream in the same state; nothing where too much went in already.
    pub fn copy(&self, dictionary: Option<&[u8]>) -> Option<Decompressor> {
        let (pieces, _) = self.kept.0.as_ref()?;
        let mut copy = Decompressor::new(self.wbits)?;
        if let Some(dictionary) = dictionary.filter(|_| self.wbits < 0) {
            copy.set_dictionary(dictionary).ok()?;
        }
        // All that a window could want of what was given already is repeated, then forgotten.
        let mut left = self.stream.total_out() as usize;
        for piece in pieces {
            let mut rest = piece.as_slice();
            while left > 0 || !rest.is_empty() {
                match copy.run(rest, left.min(1 << 16), 1 << 16) {
                    Ok(done) => {
                        left = left.saturating_sub(done.out.len());
                        rest = rest.get(done.read..).unwrap_or_default();
                        if done.read == 0 && done.out.is_empty() || copy.eof {
                            break;
                        }
                    }
                    Err(Failure(2, _)) => copy.set_dictionary(dictionary?).ok()?,
                    Err(_) => return None,
                }
            }
        }
        Some(copy)
    }
}
