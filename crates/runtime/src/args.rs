//! The arguments of a call, as they lie on the evaluation stack.

use viv_heap::Object;

use crate::object::{Str, Tuple};

/// Borrowed arguments: the positional values, then the values of the keywords that `names` lists.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    values: &'a [&'a Object],
    names: Option<&'a Tuple>,
}

impl<'a> Args<'a> {
    /// No argument.
    pub const EMPTY: Args<'static> = Args {
        values: &[],
        names: None,
    };

    /// Positional arguments only.
    #[inline]
    pub fn positional(values: &'a [&'a Object]) -> Args<'a> {
        Args {
            values,
            names: None,
        }
    }

    /// Positional values followed by one value for each name; `names` holds strings and is no longer than `values`.
    #[inline]
    pub fn new(values: &'a [&'a Object], names: Option<&'a Tuple>) -> Args<'a> {
        Args {
            values,
            names: names.filter(|n| !n.is_empty()),
        }
    }

    /// The positional arguments.
    #[inline]
    pub fn pos(self) -> &'a [&'a Object] {
        &self.values[..self.values.len() - self.keyword_count()]
    }

    /// Number of keyword arguments.
    #[inline]
    pub fn keyword_count(self) -> usize {
        self.names.map_or(0, Tuple::len)
    }

    /// The keyword names, if there are any.
    #[inline]
    pub fn names(self) -> Option<&'a Tuple> {
        self.names
    }

    /// All values: the positional ones, then the keywords'.
    #[inline]
    pub fn values(self) -> &'a [&'a Object] {
        self.values
    }

    /// The keyword arguments in order. A name that is no string is passed over: callers of functions check that first.
    pub fn keywords(self) -> impl Iterator<Item = (&'a Str, &'a Object)> {
        let first = self.values.len() - self.keyword_count();
        let values = &self.values[first..];
        self.names
            .into_iter()
            .flat_map(Tuple::iter)
            .zip(values)
            .filter_map(|(n, v)| Some((n.downcast::<Str>()?, *v)))
    }

    /// The value of a keyword.
    pub fn keyword(self, name: &str) -> Option<&'a Object> {
        self.keywords()
            .find(|(n, _)| n.as_ascii() == Some(name))
            .map(|(_, v)| v)
    }

    /// The same call without its first positional argument.
    pub fn skip_first(self) -> Args<'a> {
        if self.pos().is_empty() {
            self
        } else {
            Args {
                values: &self.values[1..],
                names: self.names,
            }
        }
    }
}
