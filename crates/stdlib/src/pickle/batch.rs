//! Writing containers, their items in batches of a thousand.

use viv_runtime::object::{Dict, List, Set, Tuple, Type};
use viv_runtime::protocol::{self, repr};
use viv_runtime::{Object, PyResult, Raised, Ref, Vm};

use super::opcodes::*;
use super::save::{MANY, Saver, Seen};

/// The text of a note about an item of a dict.
fn item_text(vm: &Vm, key: &Object) -> String {
    match repr(vm, key) {
        Ok(text) => format!("item {}", text.to_text()),
        Err(raised) => {
            drop(vm.take_raised(raised));
            "item".to_owned()
        }
    }
}

impl Saver<'_> {
    /// Writes what stands in a container in fast mode, where circles have to be looked for.
    fn guarded(
        &mut self,
        object: &Object,
        write: impl FnOnce(&mut Self) -> PyResult<()>,
    ) -> PyResult<()> {
        if !self.fast {
            return write(self);
        }
        self.enter_fast(object)?;
        let result = write(self);
        self.nested.pop();
        result
    }

    /// Writes a list.
    pub fn save_list(&mut self, seen: Seen<'_>, list: &List) -> PyResult<()> {
        self.guarded(seen.object, |this| {
            this.out.push(if this.binary {
                &[EMPTY_LIST]
            } else {
                &[MARK, LIST]
            });
            this.memoize(seen);
            if list.is_empty() {
                return Ok(());
            }
            if this.protocol == 0 {
                let iterator = protocol::iter(this.vm, list)?;
                return this.append_all(&iterator, seen.object);
            }
            this.list_items(list)
        })
    }

    fn list_item(&mut self, list: &List, i: usize) -> PyResult<bool> {
        let Some(item) = list.get(i) else {
            return Ok(false);
        };
        match self.save(&item, 1) {
            Ok(()) => Ok(true),
            Err(raised) => Err(self.note(raised, list, &format!("item {i}"))),
        }
    }

    fn list_items(&mut self, list: &List) -> PyResult<()> {
        if list.len() == 1 {
            self.list_item(list, 0)?;
            self.out.push(&[APPEND]);
            return Ok(());
        }
        let mut i = 0;
        loop {
            self.out.push(&[MARK]);
            let end = i + BATCH;
            while i < end && self.list_item(list, i)? {
                i += 1;
            }
            self.out.push(&[APPENDS]);
            if i >= list.len() {
                return Ok(());
            }
        }
    }

    /// Writes items that an iterator gives, for the list of `object`.
    pub fn append_all(&mut self, iterator: &Object, object: &Object) -> PyResult<()> {
        let vm = self.vm;
        let mut number = 0;
        let mut save = |this: &mut Self, item: Ref| {
            let saved = this.save(&item, 1);
            let result =
                saved.map_err(|raised| this.note(raised, object, &format!("item {number}")));
            number += 1;
            result
        };
        self.expect_python();
        if self.protocol == 0 {
            while let Some(item) = protocol::next(vm, iterator)? {
                save(self, item)?;
                self.out.push(&[APPEND]);
            }
            return Ok(());
        }
        loop {
            let Some(first) = protocol::next(vm, iterator)? else {
                return Ok(());
            };
            let Some(second) = protocol::next(vm, iterator)? else {
                save(self, first)?;
                self.out.push(&[APPEND]);
                return Ok(());
            };
            self.out.push(&[MARK]);
            save(self, first)?;
            let (mut count, mut item) = (1, Some(second));
            while let Some(object) = item.take() {
                save(self, object)?;
                count += 1;
                if count < BATCH {
                    item = protocol::next(vm, iterator)?;
                }
            }
            self.out.push(&[APPENDS]);
            if count < BATCH {
                return Ok(());
            }
        }
    }

    /// Writes a tuple, which goes into the memo after its items.
    pub fn save_tuple(&mut self, seen: Seen<'_>, tuple: &Tuple) -> PyResult<()> {
        let len = tuple.len();
        if len == 0 {
            let empty: &[u8] = if self.binary {
                &[EMPTY_TUPLE]
            } else {
                &[MARK, TUPLE]
            };
            self.out.push(empty);
            return Ok(());
        }
        let short = len <= 3 && self.protocol >= 2;
        if !short {
            self.out.push(&[MARK]);
        }
        let held = if seen.fresh { 0 } else { MANY };
        for (i, item) in tuple.iter().enumerate() {
            if let Err(raised) = self.save(item, held) {
                return Err(self.note(raised, tuple, &format!("item {i}")));
            }
        }
        if let Some(number) = self.number_now(seen) {
            // An item has written the tuple already: what stands on the stack is not needed.
            match (short, self.binary) {
                (true, _) => (0..len).for_each(|_| self.out.push(&[POP])),
                (false, true) => self.out.push(&[POP_MARK]),
                (false, false) => (0..=len).for_each(|_| self.out.push(&[POP])),
            }
            self.put_get(number);
            return Ok(());
        }
        self.out.push(match (short, len) {
            (true, 1) => &[TUPLE1],
            (true, 2) => &[TUPLE2],
            (true, _) => &[TUPLE3],
            (false, _) => &[TUPLE],
        });
        self.memoize(seen);
        Ok(())
    }

    /// Writes a dict.
    pub fn save_dict(&mut self, seen: Seen<'_>, dict: &Dict) -> PyResult<()> {
        self.guarded(seen.object, |this| {
            this.out.push(if this.binary {
                &[EMPTY_DICT]
            } else {
                &[MARK, DICT]
            });
            this.memoize(seen);
            if dict.is_empty() {
                return Ok(());
            }
            if this.protocol == 0 {
                let vm = this.vm;
                let items = protocol::call_method(vm, dict, &vm.names.items, &[])?;
                let iterator = protocol::iter(vm, &items)?;
                return this.set_all(&iterator, seen.object);
            }
            this.dict_items(dict)
        })
    }

    /// Writes key and value, `held` times held by the caller.
    fn pair(&mut self, dict: &Object, key: &Object, value: &Object, held: u32) -> PyResult<()> {
        self.save(key, held)?;
        self.save(value, held)
            .map_err(|raised| self.bad_value(raised, dict, key))
    }

    #[cold]
    fn bad_value(&self, raised: Raised, dict: &Object, key: &Object) -> Raised {
        let vm = self.vm;
        let exception = vm.take_raised(raised);
        let text = item_text(vm, key);
        self.note(vm.restore(exception), dict, &text)
    }

    fn dict_items(&mut self, dict: &Dict) -> PyResult<()> {
        let (size, mut at) = (dict.len(), 0);
        if size == 1 {
            if let Some((_, key, value)) = dict.next_entry(0) {
                self.pair(dict, &key, &value, 1)?;
            }
            self.out.push(&[SETITEM]);
            return Ok(());
        }
        loop {
            let mut count = 0;
            self.out.push(&[MARK]);
            while count < BATCH
                && let Some((place, key, value)) = dict.next_entry(at)
            {
                self.pair(dict, &key, &value, 1)?;
                at = place + 1;
                count += 1;
            }
            self.out.push(&[SETITEMS]);
            if dict.len() != size {
                return Err(self
                    .vm
                    .runtime_error("dictionary changed size during iteration"));
            }
            if count < BATCH {
                return Ok(());
            }
        }
    }

    /// Writes pairs that an iterator gives, for the dict of `object`.
    pub fn set_all(&mut self, iterator: &Object, object: &Object) -> PyResult<()> {
        let vm = self.vm;
        self.expect_python();
        let next = || -> PyResult<Option<Ref<Tuple>>> {
            let Some(item) = protocol::next(vm, iterator)? else {
                return Ok(None);
            };
            match item.cast::<Tuple>() {
                Ok(pair) if pair.len() == 2 => Ok(Some(pair)),
                _ => Err(vm.type_error("dict items iterator must return 2-tuples")),
            }
        };
        let save = |this: &mut Self, pair: &Tuple| match pair.as_slice() {
            [key, value] => this.pair(object, key, value, 0),
            _ => Ok(()),
        };
        if self.protocol == 0 {
            while let Some(pair) = next()? {
                save(self, &pair)?;
                self.out.push(&[SETITEM]);
            }
            return Ok(());
        }
        loop {
            let Some(first) = next()? else {
                return Ok(());
            };
            let Some(second) = next()? else {
                save(self, &first)?;
                self.out.push(&[SETITEM]);
                return Ok(());
            };
            self.out.push(&[MARK]);
            save(self, &first)?;
            drop(first);
            let (mut count, mut pair) = (1, Some(second));
            while let Some(object) = pair.take() {
                save(self, &object)?;
                count += 1;
                if count < BATCH {
                    pair = next()?;
                }
            }
            self.out.push(&[SETITEMS]);
            if count < BATCH {
                return Ok(());
            }
        }
    }

    /// Writes a set or a frozenset.
    pub fn save_set(&mut self, seen: Seen<'_>, set: &Set) -> PyResult<()> {
        if self.protocol < 4 {
            let vm = self.vm;
            let items = vm.new_list(protocol::collect(vm, set)?)?;
            let ty = Type::of(set).to_ref();
            return self.reduce_to(&ty, &[&items], set);
        }
        if set.is_frozen() {
            return self.guarded(seen.object, |this| this.save_frozenset(seen, set));
        }
        self.out.push(&[EMPTY_SET]);
        self.memoize(seen);
        let (size, mut at) = (set.len(), 0);
        if size == 0 {
            return Ok(());
        }
        loop {
            let mut count = 0;
            self.out.push(&[MARK]);
            while count < BATCH
                && let Some((place, element, _)) = set.next_element(at)
            {
                self.element(set, &element, 1)?;
                at = place + 1;
                count += 1;
            }
            self.out.push(&[ADDITEMS]);
            if set.len() != size {
                return Err(self.vm.runtime_error("set changed size during iteration"));
            }
            if count < BATCH {
                return Ok(());
            }
        }
    }

    fn element(&mut self, set: &Set, element: &Object, held: u32) -> PyResult<()> {
        self.save(element, held)
            .map_err(|raised| self.note(raised, set, "element"))
    }

    fn save_frozenset(&mut self, seen: Seen<'_>, set: &Set) -> PyResult<()> {
        self.out.push(&[MARK]);
        let held = if seen.fresh { 1 } else { MANY };
        let mut at = 0;
        while let Some((place, element, _)) = set.next_element(at) {
            self.element(set, &element, held)?;
            at = place + 1;
        }
        if let Some(number) = self.number_now(seen) {
            self.out.push(&[POP_MARK]);
            self.put_get(number);
            return Ok(());
        }
        self.out.push(&[FROZENSET]);
        self.memoize(seen);
        Ok(())
    }
}
