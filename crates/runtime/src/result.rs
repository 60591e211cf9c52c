//! How failure travels: the exception waits in the thread state, the result only says that there is one.

/// The sign that an exception has been raised and waits in the [`Vm`](crate::Vm). Zero-sized, so that
/// `PyResult<Ref>` is one machine word.
#[derive(Debug)]
#[must_use]
pub struct Raised(pub(crate) ());

/// The result of anything that may raise.
pub type PyResult<T = viv_heap::Ref> = Result<T, Raised>;

const _: () = assert!(size_of::<PyResult>() == size_of::<usize>());
