//! URLs with query parameters.

/// Returns a URL with these query parameters added; values are percent-encoded, names are not.
#[must_use]
pub fn with_parameters(base: &str, parameters: &[(&str, &str)]) -> String {
    let mut url = base.to_owned();
    let mut separator = if base.contains('?') { '&' } else { '?' };
    for (name, value) in parameters {
        url.push(separator);
        url.push_str(name);
        url.push('=');
        encode(value, &mut url);
        separator = '&';
    }
    url
}

/// Appends a percent-encoded value. Characters that RFC 3986, 3.4 allows in a query stay where that is easier to read.
fn encode(value: &str, url: &mut String) {
    const HEX: [u8; 16] = *b"0123456789ABCDEF";
    for byte in value.bytes() {
        match byte {
            b' ' => url.push('+'),
            b'-' | b'.' | b'_' | b'~' | b':' | b',' | b'/' | b'*' => url.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => url.push(char::from(byte)),
            _ => {
                url.push('%');
                for digit in [byte >> 4, byte & 15] {
                    url.push(char::from(HEX[usize::from(digit)]));
                }
            }
        }
    }
}
