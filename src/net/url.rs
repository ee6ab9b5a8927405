//! URLs with parameters.

/// A service's URL with these parameters, values encoded.
#[must_use]
pub fn with_parameters(base: &str, parameters: &[(&str, &str)]) -> String {
    let mut url = base.to_owned();
    let mut joint = if base.contains('?') { '&' } else { '?' };
    for (name, value) in parameters {
        url.push(joint);
        url.push_str(name);
        url.push('=');
        encode(value, &mut url);
        joint = '&';
    }
    url
}

/// A value in a query string; what may stand there (RFC 3986, 3.4) and reads better so is left.
fn encode(value: &str, url: &mut String) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    for byte in value.bytes() {
        match byte {
            b' ' => url.push('+'),
            b'-' | b'.' | b'_' | b'~' | b':' | b',' | b'/' | b'*' => url.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => url.push(char::from(byte)),
            _ => {
                url.push('%');
                let digits = [byte >> 4, byte & 15];
                url.extend(digits.iter().filter_map(|&digit| HEX.get(usize::from(digit))));
            }
        }
    }
}
