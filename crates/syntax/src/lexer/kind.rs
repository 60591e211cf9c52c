//! The kinds of tokens, and the regular part of the lexical grammar, which logos compiles into a table.
//!
//! Invariant: a [`Kind`] has no payload; what a token says is found by its place in the source. The kinds that end
//! in the section "never lexed" are made by the hand-written parts of the lexer or by the classifier.

use logos::Logos;

/// What a token is.
#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[logos(skip r"[ \t\x0c]+")]
#[rustfmt::skip]
pub enum Kind {
    #[regex(r"[A-Za-z_\u{80}-\u{10FFFF}][A-Za-z0-9_\u{80}-\u{10FFFF}]*")] Name,
    /// The first digit of a number; the rest is scanned by hand, for the sake of messages.
    #[regex(r"[0-9]|\.[0-9]")] Number,
    /// Prefix and first quote of a string; the rest is scanned by hand.
    #[regex(r#"([rRuUbB]|[rR][bB]|[bB][rR])?["']"#)] String,
    #[regex(r#"([fF]|[rR][fF]|[fF][rR])["']"#)] FStringStart,
    #[regex(r#"([tT]|[rR][tT]|[tT][rR])["']"#)] TStringStart,
    #[token("\n")] Newline,
    #[regex(r"#[^\n]*", allow_greedy = true)] Comment,
    #[token("\\")] Backslash,

    #[token("False")] False,
    #[token("None")] None,
    #[token("True")] True,
    #[token("and")] And,
    #[token("as")] As,
    #[token("assert")] Assert,
    #[token("async")] Async,
    #[token("await")] Await,
    #[token("break")] Break,
    #[token("class")] Class,
    #[token("continue")] Continue,
    #[token("def")] Def,
    #[token("del")] Del,
    #[token("elif")] Elif,
    #[token("else")] Else,
    #[token("except")] Except,
    #[token("finally")] Finally,
    #[token("for")] For,
    #[token("from")] From,
    #[token("global")] Global,
    #[token("if")] If,
    #[token("import")] Import,
    #[token("in")] In,
    #[token("is")] Is,
    #[token("lambda")] Lambda,
    #[token("nonlocal")] Nonlocal,
    #[token("not")] Not,
    #[token("or")] Or,
    #[token("pass")] Pass,
    #[token("raise")] Raise,
    #[token("return")] Return,
    #[token("try")] Try,
    #[token("while")] While,
    #[token("with")] With,
    #[token("yield")] Yield,

    #[token("(")] LPar,
    #[token(")")] RPar,
    #[token("[")] LSqb,
    #[token("]")] RSqb,
    #[token("{")] LBrace,
    #[token("}")] RBrace,
    #[token(":")] Colon,
    #[token(",")] Comma,
    #[token(";")] Semi,
    #[token(".")] Dot,
    #[token("...")] Ellipsis,
    #[token("->")] Arrow,
    #[token(":=")] ColonEqual,
    #[token("=")] Equal,
    #[token("!")] Exclamation,
    #[token("@")] At,
    #[token("+")] Plus,
    #[token("-")] Minus,
    #[token("*")] Star,
    #[token("**")] DoubleStar,
    #[token("/")] Slash,
    #[token("//")] DoubleSlash,
    #[token("%")] Percent,
    #[token("&")] Amper,
    #[token("|")] Vbar,
    #[token("^")] Circumflex,
    #[token("~")] Tilde,
    #[token("<<")] LeftShift,
    #[token(">>")] RightShift,
    #[token("<")] Less,
    #[token(">")] Greater,
    #[token("<=")] LessEqual,
    #[token(">=")] GreaterEqual,
    #[token("==")] EqEqual,
    #[token("!=")] NotEqual,
    #[token("+=")] PlusEqual,
    #[token("-=")] MinusEqual,
    #[token("*=")] StarEqual,
    #[token("/=")] SlashEqual,
    #[token("//=")] DoubleSlashEqual,
    #[token("%=")] PercentEqual,
    #[token("@=")] AtEqual,
    #[token("&=")] AmperEqual,
    #[token("|=")] VbarEqual,
    #[token("^=")] CircumflexEqual,
    #[token("<<=")] LeftShiftEqual,
    #[token(">>=")] RightShiftEqual,
    #[token("**=")] DoubleStarEqual,
    /// The operator `<>` of `barry_as_FLUFL`.
    #[token("<>")] LessGreater,
    /// A printable character that starts no token.
    #[token("$")] #[token("?")] #[token("`")] Unknown,

    // Never lexed by logos.
    Indent,
    Dedent,
    /// Literal text of an f- or t-string, as written.
    FtMiddle,
    /// The closing quotes of an f- or t-string.
    FtEnd,
    /// `match`, `case` and `type` where they are keywords (decided by the classifier).
    Match,
    Case,
    Type,
    /// The `(` of a parenthesised list of with-items (decided by the classifier).
    WithLPar,
    /// The end of the source.
    End,
    /// The place of the lexer's error.
    Error,
    /// What the source is to be parsed as: the first token of every stream.
    StartExec,
    StartEval,
    StartSingle,
}

impl Kind {
    /// Whether a statement that starts so has blocks.
    #[must_use]
    pub fn starts_compound(self) -> bool {
        use Kind as K;
        matches!(
            self,
            K::If
                | K::While
                | K::For
                | K::Try
                | K::With
                | K::Def
                | K::Class
                | K::At
                | K::Async
                | K::Match
        )
    }

    /// Whether the token is a reserved word.
    #[must_use]
    pub fn is_keyword(self) -> bool {
        (Kind::False as u8..=Kind::Yield as u8).contains(&(self as u8))
    }
}

/// A token: what it is and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// First byte in the (newline-normalised) source.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
    /// Line and column (utf-8 bytes) of both ends.
    pub span: crate::ast::Span,
}

impl Token {
    /// Whether CPython would give the token no column: an indent or dedent, the end, and a newline that is not in the source.
    #[must_use]
    pub fn has_no_column(&self) -> bool {
        match self.kind {
            Kind::Indent | Kind::Dedent | Kind::End => true,
            Kind::Newline => self.span.col == self.span.end_col,
            _ => false,
        }
    }
}
