//! Writing objects as calls that make them: what `__reduce__` gives.

use viv_runtime::object::{Dict, Str, Tuple, Type};
use viv_runtime::protocol;
use viv_runtime::types::sequence::reduce_call;
use viv_runtime::{NamedArgs, Object, PyResult, Raised, Ref};

use super::opcodes::*;
use super::save::{Saver, Seen};
use super::{cannot_pickle, module_attr, shown_type};

/// How the object is made.
enum Maker {
    /// By calling something.
    Call,
    /// By `cls.__new__(cls, *args)`.
    New,
    /// By `cls.__new__(cls, *args, **kwargs)`.
    NewWithKeywords,
}

impl Saver<'_> {
    /// Writes an object as the call of a function.
    pub fn reduce_to(
        &mut self,
        function: &Object,
        args: &[&Object],
        object: &Object,
    ) -> PyResult<()> {
        let reduced = reduce_call(self.vm, function, args, None)?;
        match reduced.downcast::<Tuple>() {
            Some(reduced) => self.save_reduce(reduced, object),
            None => Ok(()),
        }
    }

    /// Writes an object by what its `__reduce__` has given.
    pub fn save_reduced(&mut self, object: &Object, reduced: &Object) -> PyResult<()> {
        if let Some(name) = reduced.downcast::<Str>() {
            return self.save_global(object, Some(name));
        }
        let result = match reduced.downcast::<Tuple>() {
            Some(reduced) => self.save_reduce(reduced, object),
            None => Err(self.bad(format!(
                "__reduce__ must return a string or tuple, not {}",
                shown_type(self.vm, reduced)
            ))),
        };
        result.map_err(|raised| self.note(raised, object, "object"))
    }

    #[cold]
    fn bad(&self, message: impl AsRef<str>) -> Raised {
        cannot_pickle(self.vm, message)
    }

    /// "first item of the tuple returned by `__reduce__` must be callable, not int"
    #[cold]
    fn bad_item(&self, which: &str, wanted: &str, given: &Object) -> Raised {
        self.bad(format!(
            "{which} item of the tuple returned by __reduce__ must be {wanted}, not {}",
            shown_type(self.vm, given)
        ))
    }

    fn save_part(&mut self, part: &Object, object: &Object, what: &str) -> PyResult<()> {
        self.save(part, 0)
            .map_err(|raised| self.note(raised, object, what))
    }

    fn save_reduce(&mut self, reduced: &Tuple, object: &Object) -> PyResult<()> {
        let vm = self.vm;
        self.expect_python();
        let (callable, args) = match (reduced.len(), reduced.get(0), reduced.get(1)) {
            (2..=6, Some(callable), Some(args)) => (callable, args),
            _ => {
                return Err(
                    self.bad("tuple returned by __reduce__ must contain 2 through 6 elements")
                );
            }
        };
        if !protocol::is_callable(callable) {
            return Err(self.bad_item("first", "callable", callable));
        }
        let Some(args) = args.downcast::<Tuple>() else {
            return Err(self.bad_item("second", "a tuple", args));
        };
        let optional = |i: usize| reduced.get(i).filter(|part| !vm.is_none(part));
        let (state, items, pairs, setter) = (optional(2), optional(3), optional(4), optional(5));
        for (which, iterator) in [("fourth", items), ("fifth", pairs)] {
            if let Some(iterator) = iterator
                && Type::of(iterator).slots.next.get().is_none()
            {
                return Err(self.bad_item(which, "an iterator", iterator));
            }
        }
        if let Some(setter) = setter
            && !protocol::is_callable(setter)
        {
            return Err(self.bad_item("sixth", "callable", setter));
        }
        match self.maker(callable)? {
            Maker::Call => {
                self.save_part(callable, object, "reconstructor")?;
                self.save_part(args, object, "reconstructor arguments")?;
                self.out.push(&[REDUCE]);
            }
            Maker::New => self.save_new(args, object)?,
            Maker::NewWithKeywords => self.save_new_with_keywords(args, object)?,
        }
        let seen = Seen {
            object,
            fresh: false,
        };
        match self.number_now(seen) {
            // The arguments have written the object already: what has been made is not needed.
            Some(number) => {
                self.out.push(&[POP]);
                self.put_get(number);
            }
            None => self.memoize(seen),
        }
        if let Some(items) = items {
            self.append_all(items, object)?;
        }
        if let Some(pairs) = pairs {
            self.set_all(pairs, object)?;
        }
        match (state, setter) {
            (Some(state), None) => {
                self.save_part(state, object, "state")?;
                self.out.push(&[BUILD]);
            }
            (Some(state), Some(setter)) => {
                self.save_part(setter, object, "state setter")?;
                self.save(object, 0)?;
                self.save_part(state, object, "state")?;
                self.out.push(&[TUPLE2, REDUCE, POP]);
            }
            (None, _) => {}
        }
        Ok(())
    }

    fn maker(&self, callable: &Object) -> PyResult<Maker> {
        let vm = self.vm;
        if self.protocol < 2 {
            return Ok(Maker::Call);
        }
        let name = protocol::get_attr_opt(vm, callable, &vm.names.__name__)?;
        let name = name.as_ref().and_then(|name| name.downcast::<Str>());
        Ok(match name.and_then(Str::as_ascii) {
            Some("__newobj_ex__") => Maker::NewWithKeywords,
            Some("__newobj__") => Maker::New,
            _ => Maker::Call,
        })
    }

    fn save_new(&mut self, args: &Tuple, object: &Object) -> PyResult<()> {
        let vm = self.vm;
        let Some(class) = args.get(0) else {
            return Err(self.bad("__newobj__ expected at least 1 argument, got 0"));
        };
        if class.downcast::<Type>().is_none() {
            return Err(self.bad(format!(
                "first argument to __newobj__() must be a class, not {}",
                shown_type(vm, class)
            )));
        }
        let own = protocol::get_attr(vm, object, &vm.names.__class__)?;
        if !own.is(class) {
            let (own, given) = (protocol::repr(vm, &own)?, protocol::repr(vm, class)?);
            return Err(self.bad(format!(
                "first argument to __newobj__() must be {}, not {}",
                own.to_text(),
                given.to_text()
            )));
        }
        self.save_part(class, object, "class")?;
        let rest: Vec<Ref> = args.as_slice().iter().skip(1).cloned().collect();
        let rest = vm.new_tuple(rest)?;
        self.save_part(&rest, object, "__new__ arguments")?;
        self.out.push(&[NEWOBJ]);
        Ok(())
    }

    fn save_new_with_keywords(&mut self, args: &Tuple, object: &Object) -> PyResult<()> {
        let vm = self.vm;
        let [class, given, keywords] = args.as_slice() else {
            return Err(self.bad(format!(
                "__newobj_ex__ expected 3 arguments, got {}",
                args.len()
            )));
        };
        if class.downcast::<Type>().is_none() {
            return Err(self.bad(format!(
                "first argument to __newobj_ex__() must be a class, not {}",
                shown_type(vm, class)
            )));
        }
        let Some(given_tuple) = given.downcast::<Tuple>() else {
            return Err(self.bad(format!(
                "second argument to __newobj_ex__() must be a tuple, not {}",
                shown_type(vm, given)
            )));
        };
        let Some(dict) = keywords.downcast::<Dict>() else {
            return Err(self.bad(format!(
                "third argument to __newobj_ex__() must be a dict, not {}",
                shown_type(vm, keywords)
            )));
        };
        if self.protocol >= 4 {
            self.save_part(class, object, "class")?;
            self.save_part(given, object, "__new__ arguments")?;
            self.save_part(keywords, object, "__new__ arguments")?;
            self.out.push(&[NEWOBJ_EX]);
            return Ok(());
        }
        // There is no opcode for keywords yet: the call is made to one without them.
        let new = protocol::get_attr(vm, class, &vm.names.__new__)?;
        let mut values = vec![new, class.clone()];
        values.extend(given_tuple.as_slice().iter().cloned());
        let mut names = Vec::new();
        for (name, value) in dict.snapshot() {
            names.push(name);
            values.push(value);
        }
        let names = vm.new_tuple(names)?;
        let values: Vec<&Object> = values.iter().map(Ref::as_object).collect();
        let partial = module_attr(vm, "functools", "partial")?;
        let made = protocol::call(vm, &partial, NamedArgs::new(&values, Some(&names)).args())?;
        self.save_part(&made, object, "reconstructor")?;
        self.save(&vm.empty_tuple.clone(), 0)?;
        self.out.push(&[REDUCE]);
        Ok(())
    }
}
