//! The arguments of a call, as they lie on the evaluation stack.

use viv_heap::Object;

use crate::object::{Str, Tuple};

/// Borrowed arguments: the positional values, then the values of the keywords that a tuple of names lists.
///
/// They are two words, which a function gets in registers. More would be copied from call to call through memory, in larger
/// steps than they have just been stored in, and each such copy waits until the stores have reached the cache.
#[derive(Clone, Copy)]
pub struct Args<'a>(Form<'a>);

#[derive(Clone, Copy)]
enum Form<'a> {
    Positional(&'a [&'a Object]),
    Named(&'a NamedArgs<'a>),
}

const _: () = assert!(size_of::<Args<'_>>() == 2 * size_of::<usize>());

/// Arguments some of which may have names, where they are put together: a call gets [`NamedArgs::args`].
#[derive(Clone, Copy)]
pub struct NamedArgs<'a> {
    values: &'a [&'a Object],
    names: Option<&'a Tuple>,
}

impl<'a> NamedArgs<'a> {
    /// Positional values followed by one value for each name; `names` holds strings and is no longer than `values`.
    #[inline]
    pub fn new(values: &'a [&'a Object], names: Option<&'a Tuple>) -> NamedArgs<'a> {
        NamedArgs {
            values,
            names: names.filter(|n| !n.is_empty()),
        }
    }

    /// The arguments.
    #[inline]
    pub fn args(&self) -> Args<'_> {
        match self.names {
            None => Args::positional(self.values),
            Some(_) => Args(Form::Named(self)),
        }
    }
}

impl<'a> Args<'a> {
    /// No argument.
    pub const EMPTY: Args<'static> = Args(Form::Positional(&[]));

    /// Positional arguments only.
    #[inline]
    pub fn positional(values: &'a [&'a Object]) -> Args<'a> {
        Args(Form::Positional(values))
    }

    /// The positional arguments.
    #[inline]
    pub fn pos(self) -> &'a [&'a Object] {
        match self.0 {
            Form::Positional(values) => values,
            Form::Named(_) => &self.values()[..self.values().len() - self.keyword_count()],
        }
    }

    /// Number of keyword arguments.
    #[inline]
    pub fn keyword_count(self) -> usize {
        self.names().map_or(0, Tuple::len)
    }

    /// The keyword names, if there are any.
    #[inline]
    pub fn names(self) -> Option<&'a Tuple> {
        match self.0 {
            Form::Positional(_) => None,
            Form::Named(named) => named.names,
        }
    }

    /// All values: the positional ones, then the keywords'.
    #[inline]
    pub fn values(self) -> &'a [&'a Object] {
        match self.0 {
            Form::Positional(values) => values,
            Form::Named(named) => named.values,
        }
    }

    /// The keyword arguments in order. A name that is no string is passed over: callers of functions check that first.
    pub fn keywords(self) -> impl Iterator<Item = (&'a Str, &'a Object)> {
        let first = self.values().len() - self.keyword_count();
        let values = &self.values()[first..];
        self.names()
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
    pub fn skip_first(self) -> NamedArgs<'a> {
        let skip = usize::from(!self.pos().is_empty());
        NamedArgs {
            values: &self.values()[skip..],
            names: self.names(),
        }
    }
}
