//! `strftime`: what the C library does not know is put in first, the rest is left to `time.strftime`.

use viv_runtime::object::{Int, Str, Tuple};
use viv_runtime::protocol;
use viv_runtime::{Object, PyResult, Vm};

use super::date_time::DateTime;
use super::time::Time;
use super::time_methods::time_function;
use super::write::offset_text;
use super::zone::{ask, asked_offset};

/// The directives of one call, each asked for at most once.
struct Answers<'a> {
    vm: &'a Vm,
    object: &'a Object,
    tuple: &'a Object,
    /// What the zone is asked with.
    when: &'a Object,
    offset: Option<Option<i64>>,
    name: Option<Vec<u32>>,
}

/// `object.strftime(format)`; `tuple` has the fields, `when` is what the zone is asked with.
pub fn wrap_strftime(
    vm: &Vm,
    object: &Object,
    format: &Str,
    tuple: &Object,
    when: &Object,
) -> PyResult {
    let strftime = time_function(vm, "strftime")?;
    let mut answers = Answers {
        vm,
        object,
        tuple,
        when,
        offset: None,
        name: None,
    };
    let format: Vec<u32> = format.chars().collect();
    let mut out: Vec<u32> = Vec::with_capacity(format.len() + 16);
    let percent = u32::from('%');
    let mut at = 0;
    while at < format.len() {
        let directive = (format[at] == percent)
            .then(|| format.get(at + 1))
            .flatten()
            .and_then(|c| char::from_u32(*c));
        let Some(directive) = directive else {
            out.push(format[at]);
            at += 1;
            continue;
        };
        let colon = directive == ':' && format.get(at + 2) == Some(&u32::from('z'));
        let length = if colon { 3 } else { 2 };
        if !answers.answer(if colon { ':' } else { directive }, colon, &mut out)? {
            out.extend(&format[at..at + length]);
        }
        at += length;
    }
    let format = vm.new_str_points(&out)?;
    protocol::call_args(vm, &strftime, &[format.as_object(), tuple])
}

fn push(out: &mut Vec<u32>, text: &str) {
    out.extend(text.chars().map(u32::from));
}

impl Answers<'_> {
    /// Appends what stands for a directive; false where that is the C library's.
    fn answer(&mut self, directive: char, colon: bool, out: &mut Vec<u32>) -> PyResult<bool> {
        match directive {
            'f' => push(out, &format!("{:06}", self.micro())),
            'z' => push(out, &self.offset("")?),
            ':' if colon => push(out, &self.offset(":")?),
            'Z' => {
                let name = self.zone_name()?;
                out.extend(name);
            }
            'Y' | 'G' | 'F' | 'C' => return self.year(directive, out),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn micro(&self) -> u32 {
        let moment = self.object.downcast::<DateTime>();
        let time = self.object.downcast::<Time>();
        moment
            .map(|moment| moment.clock.micro)
            .or(time.map(|time| time.clock.micro))
            .unwrap_or(0)
    }

    fn zone(&self) -> Option<&Object> {
        let moment = self.object.downcast::<DateTime>();
        let time = self.object.downcast::<Time>();
        moment
            .and_then(|moment| moment.zone.as_deref())
            .or_else(|| time.and_then(|time| time.zone.as_deref()))
    }

    fn offset(&mut self, separator: &str) -> PyResult<String> {
        let offset = match (self.offset, self.zone()) {
            (Some(known), _) => known,
            (None, None) => None,
            (None, Some(zone)) => asked_offset(self.vm, zone, "utcoffset", self.when)?,
        };
        self.offset = Some(offset);
        Ok(offset.map_or_else(String::new, |micros| offset_text(micros, separator)))
    }

    /// The name of the zone, its `%` doubled.
    fn zone_name(&mut self) -> PyResult<Vec<u32>> {
        if let Some(known) = &self.name {
            return Ok(known.clone());
        }
        let mut name = ask(self.vm, self.zone(), "tzname", self.when)?;
        let percent = u32::from('%');
        if !name.is_exact::<Str>() && name.downcast::<Str>().is_some() {
            // A subclass may double them in its own way.
            let (one, two) = (self.vm.new_char(percent)?, self.vm.new_str("%%")?);
            let args = [one.as_object(), two.as_object()];
            name = protocol::call_method(self.vm, &name, &*self.vm.intern("replace")?, &args)?;
            let Some(replaced) = name.downcast::<Str>() else {
                let text = "tzname.replace() did not return a string";
                return Err(self.vm.type_error(text));
            };
            return Ok(replaced.chars().collect());
        }
        let mut text = Vec::new();
        for c in name.downcast::<Str>().into_iter().flat_map(Str::chars) {
            text.push(c);
            if c == percent {
                text.push(c);
            }
        }
        self.name = Some(text.clone());
        Ok(text)
    }

    /// Years of fewer than four digits, which the C library writes without leading zeros.
    fn year(&self, directive: char, out: &mut Vec<u32>) -> PyResult<bool> {
        let number = |i: usize| {
            let tuple = self.tuple.downcast::<Tuple>()?;
            tuple.get(i)?.downcast::<Int>()?.as_i64()
        };
        let (Some(mut year), Some(month), Some(day)) = (number(0), number(1), number(2)) else {
            return Ok(false);
        };
        if year >= 1000 {
            return Ok(false);
        }
        if directive == 'G' {
            let strftime = time_function(self.vm, "strftime")?;
            let format = self.vm.new_str("%G")?;
            let text = protocol::call_args(self.vm, &strftime, &[format.as_object(), self.tuple])?;
            let text = text.downcast::<Str>().and_then(Str::as_ascii);
            let Some(number) = text.and_then(|text| text.parse().ok()) else {
                return Ok(false);
            };
            year = number;
        }
        match directive {
            'C' => push(out, &format!("{:02}", year.div_euclid(100))),
            'F' => push(out, &format!("{year:04}-{month:02}-{day:02}")),
            _ => push(out, &format!("{year:04}")),
        }
        Ok(true)
    }
}
