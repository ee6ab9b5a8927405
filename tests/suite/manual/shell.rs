//! The command lines of arxcat in a piece of shell.

/// A token of a shell's command line.
#[derive(PartialEq, Eq, Debug)]
enum Token {
    Word(String),
    /// A sign that ends a command: `|`, `&&`, `;`, the end of a line.
    End,
    /// `<`, `>`, `>>`: the next word is a file.
    Redirection,
}

/// Every call of arxcat, its name first; also behind `xargs` and within quotes, as fzf's previews are.
pub fn invocations(script: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut command: Vec<String> = Vec::new();
    let mut tokens = tokens(script).into_iter();
    while let Some(token) = tokens.next() {
        match token {
            Token::Word(word) => {
                if word.contains("arxcat ") {
                    found.extend(invocations(&word));
                } else {
                    command.push(word);
                }
            }
            Token::Redirection => drop(tokens.next()),
            Token::End => found.extend(invocation(&std::mem::take(&mut command))),
        }
    }
    found.extend(invocation(&command));
    found
}

fn invocation(words: &[String]) -> Option<Vec<String>> {
    let is_program = |word: &String| word == "arxcat" || word.ends_with(":arxcat");
    let args = match words.iter().position(is_program) {
        Some(at) => &words[at + 1..],
        None if words.starts_with(&["cargo".to_owned(), "run".to_owned()]) => {
            let at = words.iter().position(|word| word == "--")?;
            &words[at + 1..]
        }
        None => return None,
    };
    let program = ["arxcat".to_owned()];
    // What xargs adds comes from stdin.
    let added = (words[0] == "xargs").then(|| "added-by-xargs".to_owned());
    Some(program.iter().chain(args).cloned().chain(added).collect())
}

fn tokens(script: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = script.chars().peekable();
    while let Some(c) = chars.next() {
        let ends_word = matches!(c, ' ' | '\n' | '|' | '&' | ';' | '<' | '>' | ')');
        if ends_word && let Some(word) = word.take() {
            found.push(Token::Word(word));
        }
        match c {
            ' ' => {}
            '<' | '>' => found.push(Token::Redirection),
            '\n' | '|' | '&' | ';' | ')' => found.push(Token::End),
            '#' if word.is_none() => while chars.next_if(|c| *c != '\n').is_some() {},
            '\\' if chars.next_if_eq(&'\n').is_some() => {}
            '\\' => word.get_or_insert_default().extend(chars.next()),
            '\'' => word
                .get_or_insert_default()
                .extend(chars.by_ref().take_while(|c| *c != '\'')),
            '"' => word
                .get_or_insert_default()
                .extend(chars.by_ref().take_while(|c| *c != '"')),
            c => word.get_or_insert_default().push(c),
        }
    }
    found.extend(word.map(Token::Word));
    found
}

#[test]
fn calls_are_found_behind_pipes_and_within_quotes() {
    let script = "cut -f1 < a | arxcat fetch --json 'a b' > c  # arxcat no\n: | fzf --preview 'arxcat show {1}' \\\n  && xargs -n1 arxcat ids";
    assert_eq!(
        invocations(script),
        [
            ["arxcat", "fetch", "--json", "a b"].as_slice(),
            &["arxcat", "show", "{1}"],
            &["arxcat", "ids", "added-by-xargs"],
        ]
    );
}
