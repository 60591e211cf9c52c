//! Numbers: scanned by hand, because their errors are told apart finely.

use super::{Kind, Lexer, Step, Warning};

impl Lexer<'_> {
    /// Scans the rest of a number whose first character (or `.` and digit) has been read.
    pub(super) fn number(&mut self) -> Step<()> {
        let start = self.lex.span().start;
        let first = self.bytes[start];
        let mut pos = start + 1;
        let kind;
        if first == b'0' && matches!(self.at(pos) | 0x20, b'x' | b'o' | b'b') {
            let (base, word) = match self.at(pos) | 0x20 {
                b'x' => (16, "hexadecimal"),
                b'o' => (8, "octal"),
                _ => (2, "binary"),
            };
            pos = self.radix_digits(pos + 1, base, word)?;
            kind = word;
        } else {
            (pos, kind) = self.decimal(start)?;
        }
        self.lex.bump(pos - self.pos());
        self.verify_end(pos, kind)?;
        self.push(Kind::Number);
        Ok(())
    }

    fn at(&self, pos: usize) -> u8 {
        self.bytes.get(pos).copied().unwrap_or(0)
    }

    fn radix_digits(&mut self, mut pos: usize, base: u32, word: &str) -> Step<usize> {
        loop {
            if self.at(pos) == b'_' {
                pos += 1;
            }
            if !char::from(self.at(pos)).is_digit(base) {
                if self.at(pos).is_ascii_digit() {
                    let digit = char::from(self.at(pos));
                    let msg = format!("invalid digit '{digit}' in {word} literal");
                    return Err(self.error_at(&msg, pos + 1));
                }
                return Err(self.error_at(&format!("invalid {word} literal"), pos));
            }
            while char::from(self.at(pos)).is_digit(base) {
                pos += 1;
            }
            if self.at(pos) != b'_' {
                break;
            }
        }
        if self.at(pos).is_ascii_digit() {
            let digit = char::from(self.at(pos));
            return Err(self.error_at(
                &format!("invalid digit '{digit}' in {word} literal"),
                pos + 1,
            ));
        }
        Ok(pos)
    }

    /// Decimal digits with underscores between them.
    fn digits(&mut self, mut pos: usize) -> Step<usize> {
        loop {
            while self.at(pos).is_ascii_digit() {
                pos += 1;
            }
            if self.at(pos) != b'_' {
                return Ok(pos);
            }
            pos += 1;
            if !self.at(pos).is_ascii_digit() {
                return Err(self.error_at("invalid decimal literal", pos));
            }
        }
    }

    fn decimal(&mut self, start: usize) -> Step<(usize, &'static str)> {
        let mut pos = start;
        let mut float = false;
        if self.at(pos) != b'.' {
            pos = self.digits(pos)?;
        }
        let int_end = pos;
        if self.at(pos) == b'.' {
            float = true;
            pos += 1;
            if self.at(pos).is_ascii_digit() {
                pos = self.digits(pos)?;
            }
        }
        if self.at(pos) | 0x20 == b'e' {
            let sign = usize::from(matches!(self.at(pos + 1), b'+' | b'-'));
            if self.at(pos + 1 + sign).is_ascii_digit() {
                float = true;
                pos = self.digits(pos + 1 + sign)?;
            } else if sign == 1 {
                return Err(self.error_at("invalid decimal literal", pos + 2));
            }
        }
        if self.at(pos) | 0x20 == b'j' {
            return Ok((pos + 1, "imaginary"));
        }
        if !float {
            self.leading_zeros(start, int_end)?;
        }
        Ok((pos, "decimal"))
    }

    fn leading_zeros(&mut self, start: usize, end: usize) -> Step<()> {
        let digits = &self.bytes[start..end];
        if digits[0] != b'0' || digits.iter().all(|b| matches!(b, b'0' | b'_')) {
            return Ok(());
        }
        let zeros = digits
            .iter()
            .take_while(|b| matches!(b, b'0' | b'_'))
            .count();
        let col = self.source.char_col(self.line_start, start) + 1;
        let end_col = col + zeros as i32;
        let msg = "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers";
        Err(self.error_columns(msg, col, end_col))
    }

    /// A number must not run into a name; before some keywords it may, with a warning.
    fn verify_end(&mut self, pos: usize, kind: &str) -> Step<()> {
        let rest = &self.bytes[pos.min(self.bytes.len())..];
        let Some(&b) = rest.first() else {
            return Ok(());
        };
        // CPython looks at ASCII only.
        if !(b.is_ascii_alphanumeric() || b == b'_') {
            return Ok(());
        }
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80;
        let len = rest.iter().take_while(|b| is_name(b)).count();
        // CPython looks at two characters of `if`, `in` and `is`, and at the whole of the others.
        let word = |w: &str| {
            let read = if w.starts_with('i') { len.min(2) } else { len };
            rest.get(..read) == Some(w.as_bytes())
        };
        let msg = format!("invalid {kind} literal");
        if ["and", "else", "for", "if", "in", "is", "not", "or"]
            .iter()
            .any(|w| word(w))
        {
            let col = (pos - self.line_start) as u32;
            self.warnings.push(Warning {
                deprecation: false,
                msg,
                line: self.line,
                col,
                width: 0,
            });
            return Ok(());
        }
        Err(self.error_at(&msg, pos))
    }
}
