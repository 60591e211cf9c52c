//! Making native modules: `ModuleSpec` is the declaration, [`ModuleSpec::make`] the module object.

use viv_heap::Ref;

use crate::native::MethodDef;
use crate::object::{Module, NativeFunction, Slot};
use crate::result::PyResult;
use crate::vm::Vm;

/// The declaration of a native module.
pub struct ModuleSpec {
    /// `__name__`
    pub name: &'static str,
    /// `__doc__`, empty for None.
    pub doc: &'static str,
    /// The functions, in parts.
    pub functions: &'static [&'static [MethodDef]],
    /// Adds constants, types and whatever else the module holds.
    pub fill: fn(&Vm, &Module) -> PyResult<()>,
}

impl ModuleSpec {
    /// Makes the module object.
    ///
    /// # Errors
    /// MemoryError; whatever `fill` raises.
    pub fn make(&'static self, vm: &Vm) -> PyResult<Ref<Module>> {
        let module = new_module(vm, self.name, self.doc)?;
        for def in self.functions.iter().copied().flatten() {
            let function = new_function(vm, &module, self.name, def)?;
            module.dict.set_text(vm, def.name, &function)?;
        }
        (self.fill)(vm, &module)?;
        Ok(module)
    }
}

/// A module object with `__name__`, `__doc__`, `__package__`, `__loader__` and `__spec__`.
pub fn new_module(vm: &Vm, name: &str, doc: &str) -> PyResult<Ref<Module>> {
    let dict = vm.new_dict()?;
    let name_object = vm.intern(name)?;
    dict.set_str(vm, &vm.names.__name__, &name_object)?;
    let doc = if doc.is_empty() {
        vm.none_ref()
    } else {
        vm.new_str(doc)?.upcast()
    };
    dict.set_str(vm, &vm.names.__doc__, &doc)?;
    let package = name.rsplit_once('.').map_or("", |(package, _)| package);
    dict.set_str(vm, &vm.names.__package__, vm.intern(package)?.as_object())?;
    dict.set_str(vm, &vm.names.__loader__, vm.none())?;
    dict.set_str(vm, &vm.names.__spec__, vm.none())?;
    let head = viv_heap::Object::new(vm.types.module.type_head_of());
    let module = vm.place(Module {
        head,
        dict,
        weakrefs: Default::default(),
    })?;
    vm.heap.track(&module);
    Ok(module)
}

/// A native function of a module.
pub fn new_function(
    vm: &Vm,
    module: &Module,
    module_name: &str,
    def: &'static MethodDef,
) -> PyResult {
    let head = viv_heap::Object::new(vm.types.native_function.type_head_of());
    let module_name = vm.intern(module_name)?.upcast();
    let function = vm.place(NativeFunction {
        head,
        def,
        receiver: Slot::new(Some(module.head.to_ref())),
        module: Slot::full(module_name),
        parameters: Default::default(),
        weakrefs: Default::default(),
    })?;
    vm.heap.track(&function);
    Ok(function.upcast())
}

/// Adds a float constant to a module.
pub fn add_float(vm: &Vm, module: &Module, name: &str, value: f64) -> PyResult<()> {
    module
        .dict
        .set_text(vm, name, vm.new_float(value)?.as_object())
}

/// Adds an int constant to a module.
pub fn add_int(vm: &Vm, module: &Module, name: &str, value: i64) -> PyResult<()> {
    module
        .dict
        .set_text(vm, name, vm.new_int(value)?.as_object())
}

/// Adds a string constant to a module.
pub fn add_str(vm: &Vm, module: &Module, name: &str, value: &str) -> PyResult<()> {
    module
        .dict
        .set_text(vm, name, vm.new_str(value)?.as_object())
}

/// A native function with any receiver, or none.
pub fn native_function(
    vm: &Vm,
    def: &'static MethodDef,
    receiver: Option<Ref>,
    module: Option<Ref>,
) -> PyResult {
    let head = viv_heap::Object::new(vm.types.native_function.type_head_of());
    let function = vm.place(NativeFunction {
        head,
        def,
        receiver: Slot::new(receiver),
        module: Slot::new(module),
        parameters: Default::default(),
        weakrefs: Default::default(),
    })?;
    vm.heap.track(&function);
    Ok(function.upcast())
}
