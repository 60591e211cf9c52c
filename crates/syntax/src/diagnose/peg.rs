//! The machinery of the diagnosis: position, memory, and the small combinators the rules are made of.

use super::node::{N, Node, NodeKind};
use super::raise::Raised;
use super::{MAX_LEVEL, Refused};
use crate::lexer::{Kind, Token};
use crate::source::Source;
use std::collections::HashMap;
use std::rc::Rc;

/// An error has been raised: everything unwinds.
pub struct Stop;

/// A rule's outcome: recognised, not here, or an error raised.
pub type R<T> = Result<Option<T>, Stop>;

/// The rules whose outcome is remembered.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    Expression,
    StarExpression,
    Disjunction,
    Conjunction,
    Inversion,
    BitOr,
    Sum,
    Factor,
    Primary,
    Strings,
    Block,
    Arguments,
    SimpleStmt,
    StarTarget,
    TargetAtom,
    NamedExpression,
    ClosedPattern,
}

pub struct Peg<'r, 's> {
    refused: &'r Refused<'s>,
    start: usize,
    /// The next token.
    pub mark: usize,
    fill: usize,
    /// Second pass: look for what the writer may have meant.
    pub invalid: bool,
    memo: HashMap<(Rule, usize), (Option<N>, usize)>,
    level: u32,
    /// The line of the last statement that was recognised.
    pub statement_line: u32,
    brackets: Vec<u16>,
    raised: Option<Raised>,
}

/// `want!(rule)`: the result of a rule that must succeed, in a function that returns [`R`].
macro_rules! want {
    ($e:expr) => {
        match $e? {
            Some(value) => value,
            None => return Ok(None),
        }
    };
}

/// `need!(p, Kind)`: the next token must be of that kind; its index.
macro_rules! need {
    ($p:expr, $kind:expr) => {
        match $p.eat($kind)? {
            Some(at) => at,
            None => return Ok(None),
        }
    };
}

pub(super) use {need, want};

impl<'r, 's> Peg<'r, 's> {
    pub fn new(refused: &'r Refused<'s>, start: usize) -> Peg<'r, 's> {
        let mut level = 0u16;
        let brackets = refused.tokens.iter().map(|t| {
            match t.kind {
                Kind::LPar | Kind::WithLPar | Kind::LSqb | Kind::LBrace => level += 1,
                Kind::RPar | Kind::RSqb | Kind::RBrace => level = level.saturating_sub(1),
                _ => {}
            }
            level
        });
        Peg {
            refused,
            start,
            mark: start,
            fill: start,
            invalid: false,
            memo: HashMap::new(),
            level: 0,
            statement_line: 0,
            brackets: brackets.collect(),
            raised: None,
        }
    }

    pub fn second_pass(&mut self) {
        self.mark = self.start;
        self.memo.clear();
        self.invalid = true;
        self.level = 0;
    }

    pub fn tokens(&self) -> &'r [Token] {
        self.refused.tokens
    }

    pub fn source(&self) -> &'s Source<'s> {
        self.refused.source
    }

    pub fn mode(&self) -> crate::parser::Mode {
        self.refused.mode
    }

    pub fn take_raised(&mut self) -> Option<Raised> {
        self.raised.take()
    }

    pub fn raise(&mut self, raised: Raised) {
        if self.raised.is_none() {
            self.raised = Some(raised);
        }
    }

    /// How many tokens have been looked at, those before the start included.
    pub fn tokens_read(&self) -> usize {
        self.fill
    }

    /// The furthest token that was looked at.
    pub fn furthest(&self) -> usize {
        self.fill.saturating_sub(1).max(self.start)
    }

    pub fn line_of_furthest(&self) -> u32 {
        self.token(self.furthest()).span.line
    }

    pub fn token(&self, i: usize) -> Token {
        let tokens = self.refused.tokens;
        let end = || Token {
            kind: Kind::End,
            start: 0,
            end: 0,
            span: crate::ast::Span::default(),
        };
        tokens.get(i).or(tokens.last()).copied().unwrap_or_else(end)
    }

    pub fn text(&self, i: usize) -> &'s str {
        let token = self.token(i);
        self.source()
            .text()
            .get(token.start as usize..token.end as usize)
            .unwrap_or("")
    }

    /// How many brackets are open after token `i`.
    pub fn bracket_level(&self, i: usize) -> u16 {
        self.brackets.get(i).copied().unwrap_or(0)
    }

    /// The kind of the next token, soft keywords being names.
    pub fn peek(&mut self) -> Result<Kind, Stop> {
        let kind = match self.token(self.mark).kind {
            Kind::Match | Kind::Case | Kind::Type => Kind::Name,
            Kind::WithLPar => Kind::LPar,
            kind => kind,
        };
        if self.mark >= self.fill {
            self.fill = self.mark + 1;
            if kind == Kind::Error
                && let Some(lexer) = self.refused.lexer
            {
                self.raise(Raised {
                    error: lexer.error.clone(),
                    is_final: true,
                });
                return Err(Stop);
            }
        }
        Ok(kind)
    }

    pub fn at(&mut self, kind: Kind) -> Result<bool, Stop> {
        Ok(self.peek()? == kind)
    }

    pub fn at_any(&mut self, kinds: &[Kind]) -> Result<bool, Stop> {
        let next = self.peek()?;
        Ok(kinds.contains(&next))
    }

    /// Takes the next token if it is of the kind; its index.
    pub fn eat(&mut self, kind: Kind) -> R<usize> {
        if self.peek()? == kind {
            self.mark += 1;
            return Ok(Some(self.mark - 1));
        }
        Ok(None)
    }

    pub fn eat_any(&mut self, kinds: &[Kind]) -> R<usize> {
        let next = self.peek()?;
        if kinds.contains(&next) {
            self.mark += 1;
            return Ok(Some(self.mark - 1));
        }
        Ok(None)
    }

    /// Takes a name of that very text.
    pub fn eat_word(&mut self, word: &str) -> R<usize> {
        if self.peek()? == Kind::Name && self.text(self.mark) == word {
            self.mark += 1;
            return Ok(Some(self.mark - 1));
        }
        Ok(None)
    }

    /// A token that must come now: its absence is an error.
    pub fn force(&mut self, kind: Kind, msg: &str) -> R<usize> {
        if let Some(at) = self.eat(kind)? {
            return Ok(Some(at));
        }
        if !self.invalid {
            return Ok(None);
        }
        let at = self.mark;
        self.raise_tokens(at, at + 1, msg)
    }

    /// Tries a rule; on failure the position is as before.
    pub fn alt<T>(&mut self, rule: impl FnOnce(&mut Self) -> R<T>) -> R<T> {
        let mark = self.mark;
        if self.level >= MAX_LEVEL {
            return self.raise_memory();
        }
        self.level += 1;
        let result = rule(self);
        self.level -= 1;
        if matches!(result, Ok(None)) {
            self.mark = mark;
        }
        result
    }

    /// Tries a rule of the second pass.
    pub fn invalid_alt<T>(&mut self, rule: impl FnOnce(&mut Self) -> R<T>) -> R<T> {
        if self.invalid {
            self.alt(rule)
        } else {
            Ok(None)
        }
    }

    /// Whether a rule would succeed here.
    pub fn ahead<T>(&mut self, rule: impl FnOnce(&mut Self) -> R<T>) -> Result<bool, Stop> {
        let mark = self.mark;
        let found = self.alt(rule)?.is_some();
        self.mark = mark;
        Ok(found)
    }

    /// A rule or nothing: never fails.
    pub fn opt<T>(&mut self, rule: impl FnOnce(&mut Self) -> R<T>) -> Result<Option<T>, Stop> {
        self.alt(rule)
    }

    pub fn memo(&mut self, rule: Rule, body: impl FnOnce(&mut Self) -> R<N>) -> R<N> {
        let key = (rule, self.mark);
        self.peek()?;
        if let Some((result, mark)) = self.memo.get(&key) {
            let result = result.clone();
            if result.is_some() {
                self.mark = *mark;
            }
            return Ok(result);
        }
        let result = self.alt(body)?;
        self.memo.insert(key, (result.clone(), self.mark));
        Ok(result)
    }

    /// As many as there are.
    pub fn many<T>(&mut self, mut rule: impl FnMut(&mut Self) -> R<T>) -> Result<Vec<T>, Stop> {
        let mut all = Vec::new();
        while let Some(one) = self.alt(&mut rule)? {
            all.push(one);
        }
        Ok(all)
    }

    /// One or more with commas between; a trailing comma is left.
    pub fn commas<T>(&mut self, mut rule: impl FnMut(&mut Self) -> R<T>) -> R<Vec<T>> {
        let mut all = vec![want!(self.alt(&mut rule))];
        loop {
            let next = self.alt(|p| {
                need!(p, Kind::Comma);
                rule(p)
            })?;
            match next {
                Some(one) => all.push(one),
                None => return Ok(Some(all)),
            }
        }
    }

    /// A node from token `l` up to here.
    pub fn node(&self, kind: NodeKind, l: usize, kids: Vec<N>) -> N {
        Rc::new(Node {
            kind,
            l,
            r: self.mark,
            kids,
        })
    }

    pub fn found(&self, kind: NodeKind, l: usize) -> R<N> {
        Ok(Some(self.node(kind, l, Vec::new())))
    }
}
