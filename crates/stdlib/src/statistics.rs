//! The module `_statistics`: the inverse of the normal distribution's cumulative function.
//!
//! The rational approximations and their coefficients are those of M. J. Wichura, "Algorithm AS 241: The Percentage Points of
//! the Normal Distribution", Applied Statistics 37 (1988), 477-484.

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::{MethodDef, NativeCall, protocol};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_statistics",
    doc: "Accelerators for the statistics module.\n",
    functions: &[&[MethodDef::new(
        "_normal_dist_inv_cdf",
        "($module, p, mu, sigma, /)",
        NativeCall::Positional {
            min: 3,
            max: 3,
            call: |vm, _, args| {
                let p = protocol::to_f64(vm, args[0])?;
                let mu = protocol::to_f64(vm, args[1])?;
                let sigma = protocol::to_f64(vm, args[2])?;
                if p <= 0.0 || p >= 1.0 || sigma <= 0.0 && p != 0.5 {
                    return Err(vm.value_error("inv_cdf undefined for these parameters"));
                }
                vm.new_float(mu + standard(p) * sigma)
            },
        },
        "",
    )]],
    fill: |_, _| Ok(()),
};

const CENTRE_NUMERATOR: [f64; 8] = [
    2509.0809287301227,
    33430.57558358813,
    67265.7709270087,
    45921.95393154987,
    13731.69376550946,
    1971.5909503065513,
    133.14166789178438,
    3.3871328727963665,
];

const CENTRE_DENOMINATOR: [f64; 8] = [
    5226.495278852854,
    28729.085735721943,
    39307.89580009271,
    21213.794301586597,
    5394.196021424751,
    687.1870074920579,
    42.31333070160091,
    1.0,
];

const NEAR_NUMERATOR: [f64; 8] = [
    0.0007745450142783414,
    0.022723844989269184,
    0.2417807251774506,
    1.2704582524523684,
    3.6478483247632045,
    5.769497221460691,
    4.630337846156546,
    1.4234371107496835,
];

const NEAR_DENOMINATOR: [f64; 8] = [
    1.0507500716444169e-09,
    0.0005475938084995345,
    0.015198666563616457,
    0.14810397642748008,
    0.6897673349851,
    1.6763848301838038,
    2.053191626637759,
    1.0,
];

const FAR_NUMERATOR: [f64; 8] = [
    2.0103343992922881e-07,
    2.7115555687434876e-05,
    0.0012426609473880784,
    0.026532189526576124,
    0.29656057182850487,
    1.7848265399172913,
    5.463784911164114,
    6.657904643501103,
];

const FAR_DENOMINATOR: [f64; 8] = [
    2.0442631033899397e-15,
    1.421511758316446e-07,
    1.8463183175100548e-05,
    0.0007868691311456133,
    0.014875361290850615,
    0.1369298809227358,
    0.599832206555888,
    1.0,
];

/// The polynomial with these coefficients, the one of the highest power first.
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum * x + c)
}

/// The point of the standard distribution below which the share `p` lies.
fn standard(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return polynomial(&CENTRE_NUMERATOR, r) * q / polynomial(&CENTRE_DENOMINATOR, r);
    }
    let r = (-(if q <= 0.0 { p } else { 1.0 - p }).ln()).sqrt();
    let x = if r <= 5.0 {
        polynomial(&NEAR_NUMERATOR, r - 1.6) / polynomial(&NEAR_DENOMINATOR, r - 1.6)
    } else {
        polynomial(&FAR_NUMERATOR, r - 5.0) / polynomial(&FAR_DENOMINATOR, r - 5.0)
    };
    if q < 0.0 { -x } else { x }
}
