//! The value of a string literal, which may hold lone surrogates (`"\ud800"`).
//!
//! Invariant: the bytes are WTF-8: utf-8 plus the three-byte forms of lone surrogates.

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

/// The text of a string constant: WTF-8, so nearly always plain utf-8.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StrValue(Wtf8Buf);

impl StrValue {
    /// An empty text.
    #[must_use]
    pub fn new() -> StrValue {
        StrValue(Wtf8Buf::new())
    }

    /// The text of code points; numbers that are none are left out.
    #[must_use]
    pub fn from_points(points: impl Iterator<Item = u32>) -> StrValue {
        StrValue(points.filter_map(CodePoint::from_u32).collect())
    }

    /// The text as utf-8, or `None` if it holds a lone surrogate.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_str().ok()
    }

    /// The WTF-8 view.
    #[must_use]
    pub fn as_wtf8(&self) -> &Wtf8 {
        &self.0
    }

    /// The WTF-8 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The owned WTF-8 buffer.
    #[must_use]
    pub fn into_wtf8(self) -> Wtf8Buf {
        self.0
    }

    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends plain text.
    pub fn push_str(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// Appends another value. Adjacent surrogate halves stay two code points, as in Python.
    pub fn push_value(&mut self, text: &StrValue) {
        match text.as_str() {
            Some(text) => self.push_str(text),
            None => text.0.code_points().for_each(|c| self.push_code_point(c)),
        }
    }

    /// Appends one code point, which may be a surrogate.
    pub fn push_code_point(&mut self, c: CodePoint) {
        self.0.push(c);
    }

    /// The code points.
    pub fn code_points(&self) -> impl Iterator<Item = CodePoint> + '_ {
        self.0.code_points()
    }
}

impl From<&str> for StrValue {
    fn from(text: &str) -> StrValue {
        StrValue(Wtf8Buf::from(text))
    }
}

impl From<String> for StrValue {
    fn from(text: String) -> StrValue {
        StrValue(Wtf8Buf::from(text))
    }
}
