//! Paths as texts: `_path_splitroot_ex` and `_path_normpath`, which the library's `posixpath` takes from here.

use viv_runtime::modules::io::system;
use viv_runtime::object::{Bytes, Str};
use viv_runtime::{Object, PyResult, Vm, protocol};

/// The text or bytes that an argument stands for.
fn shown(vm: &Vm, function: &str, object: &Object) -> PyResult {
    if object.downcast::<Str>().is_none()
        && object.downcast::<Bytes>().is_none()
        && protocol::lookup_special(vm, object, &vm.names.__fspath__)?.is_none()
    {
        return Err(vm.type_error(format!(
            "{function}: path should be string, bytes or os.PathLike, not {}",
            protocol::type_name(object)
        )));
    }
    system::fspath(vm, object)
}

/// How many characters the root of a path has: two slashes are another root than one, and than three.
fn root<T: Copy + PartialEq>(path: &[T], slash: T) -> usize {
    match path {
        [a, b, c, ..] if *a == slash && *b == slash && *c != slash => 2,
        [a, b] if *a == slash && *b == slash => 2,
        [a, ..] if *a == slash => 1,
        _ => 0,
    }
}

/// `_path_splitroot_ex(p)`: the drive, which is always empty here, the root and the rest.
pub(super) fn split_root(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(path)] = args else {
        return Ok(vm.none_ref());
    };
    let path = shown(vm, "_path_splitroot_ex", path)?;
    let parts = if let Some(bytes) = path.downcast::<Bytes>() {
        let (start, rest) = bytes.as_slice().split_at(root(bytes.as_slice(), b'/'));
        [
            vm.new_bytes(&[])?.upcast(),
            vm.new_bytes(start)?.upcast(),
            vm.new_bytes(rest)?.upcast(),
        ]
    } else if let Some(text) = path.downcast::<Str>() {
        let (start, rest) = if let Some(text) = text.as_ascii() {
            let (start, rest) = text.split_at(root(text.as_bytes(), b'/'));
            (vm.new_str(start)?, vm.new_str(rest)?)
        } else {
            let points: Vec<u32> = text.chars().collect();
            let (start, rest) = points.split_at(root(&points, u32::from('/')));
            (vm.new_str_points(start)?, vm.new_str_points(rest)?)
        };
        [vm.new_str("")?.upcast(), start.upcast(), rest.upcast()]
    } else {
        return Ok(path);
    };
    Ok(vm.new_tuple(parts.into())?.upcast())
}

/// `_path_normpath(path)`: without what does not change where the path leads, symbolic links apart.
pub(super) fn normal(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(path)] = args else {
        return Ok(vm.none_ref());
    };
    let path = shown(vm, "_path_normpath", path)?;
    if let Some(bytes) = path.downcast::<Bytes>() {
        return Ok(vm.new_bytes(&normalized(bytes.as_slice()))?.upcast());
    }
    let Some(text) = path.downcast::<Str>() else {
        return Ok(path);
    };
    if let Some(text) = text.as_ascii() {
        let made = normalized(text.as_bytes());
        let made = std::str::from_utf8(&made).unwrap_or_default();
        return Ok(vm.new_str(made)?.upcast());
    }
    let points: Vec<u32> = text.chars().collect();
    Ok(vm.new_str_points(&normalized(&points))?.upcast())
}

fn normalized<T: Copy + PartialEq + From<u8>>(path: &[T]) -> Vec<T> {
    let (slash, dot) = (T::from(b'/'), T::from(b'.'));
    let root = root(path, slash);
    let mut made: Vec<T> = Vec::with_capacity(path.len().max(1));
    made.resize(root, slash);
    // How many of the parts there can be taken back by "..".
    let mut depth = 0_usize;
    for part in path.split(|c| *c == slash) {
        if part.is_empty() || part == [dot] {
            continue;
        }
        if part == [dot, dot] {
            if depth > 0 {
                depth -= 1;
                let kept = made.iter().rposition(|c| *c == slash).unwrap_or(0);
                made.truncate(kept.max(root));
                continue;
            }
            if root > 0 {
                continue;
            }
        } else {
            depth += 1;
        }
        if made.len() > root {
            made.push(slash);
        }
        made.extend_from_slice(part);
    }
    if made.is_empty() {
        made.push(dot);
    }
    made
}
