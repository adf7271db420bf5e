//! What is known of languages that answers hold code in. A row each; names as they stand behind a fence.

/// A language.
#[derive(Debug)]
pub struct Language {
    /// Its names, separated by spaces.
    names: &'static str,
    /// Marks of comments that go on to the end of the line.
    pub comments: &'static [&'static str],
    /// Begin and end of a comment that can go over lines.
    pub block: Option<(&'static str, &'static str)>,
    /// Quotes of texts that end in their line.
    pub quotes: &'static str,
    /// Begin and end of texts that can go over lines.
    pub texts: &'static [(&'static str, &'static str)],
    /// Words that mean something, separated by spaces.
    keywords: &'static str,
    /// Whether they do in capitals too.
    any_case: bool,
    /// What follows a key.
    pub key_mark: Option<char>,
    /// What words can have in them beside letters.
    pub in_words: &'static str,
    /// Whether words after `<` are tags.
    pub has_tags: bool,
    /// Whether lines are told apart by their first character.
    pub is_diff: bool,
}

/// What most languages have in common.
const C_LIKE: Language = Language {
    names: "",
    comments: &["//"],
    block: Some(("/*", "*/")),
    quotes: "\"'",
    texts: &[],
    keywords: "",
    any_case: false,
    key_mark: None,
    in_words: "",
    has_tags: false,
    is_diff: false,
};

/// What scripts have in common.
const HASH: Language = Language { comments: &["#"], block: None, ..C_LIKE };

const TABLE: &[Language] = &[
    Language {
        names: "rust rs",
        quotes: "\"",
        texts: &[("r#\"", "\"#")],
        keywords: "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true type unsafe use where while",
        ..C_LIKE
    },
    Language {
        names: "python py python3 pycon",
        texts: &[("\"\"\"", "\"\"\""), ("'''", "'''")],
        keywords: "False None True and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return self try while with yield",
        ..HASH
    },
    Language {
        names: "javascript js jsx mjs typescript ts tsx node",
        texts: &[("`", "`")],
        keywords: "abstract any as async await boolean break case catch class const continue debugger declare default delete do else enum export extends false finally for from function get if implements import in instanceof interface keyof let namespace never new null number of private protected public readonly return set static string super switch this throw true try type typeof undefined unknown var void while yield",
        ..C_LIKE
    },
    Language {
        names: "go golang",
        texts: &[("`", "`")],
        keywords: "any bool break byte case chan const continue default defer else error fallthrough false float64 for func go goto if import int int64 interface iota map nil package range return rune select string struct switch true type uint var",
        ..C_LIKE
    },
    Language {
        names: "c h cpp c++ cc hpp cxx objc cuda arduino",
        keywords: "#define #elif #else #endif #if #ifdef #ifndef #include auto bool break case catch char class const constexpr continue default delete do double else enum explicit extern false final float for friend goto if inline int long mutable namespace new noexcept nullptr operator override private protected public return short signed sizeof static struct switch template this throw true try typedef typename union unsigned using virtual void volatile while NULL size_t std",
        ..C_LIKE
    },
    Language {
        names: "java kotlin kt scala groovy",
        texts: &[("\"\"\"", "\"\"\"")],
        keywords: "abstract as boolean break by byte case catch char class companion const continue data def default do double else enum extends false final finally float for fun if implements import in init instanceof int interface internal is lateinit long match new null object open override package private protected public record return sealed short static super suspend switch synchronized this throw throws trait true try typealias val var void volatile when while with yield",
        ..C_LIKE
    },
    Language {
        names: "csharp cs c# fsharp fs vb",
        keywords: "abstract as async await base bool break byte case catch char class const continue decimal default delegate do double else enum event explicit extern false finally float for foreach get if in int interface internal is lock long namespace new null object out override params private protected public readonly record ref return sealed set short static string struct switch this throw true try typeof uint using var virtual void volatile when where while yield",
        ..C_LIKE
    },
    Language {
        names: "swift dart",
        texts: &[("\"\"\"", "\"\"\"")],
        keywords: "Any as async await break case catch class const continue default defer deinit do dynamic else enum extension extends false fileprivate final for func get guard if implements import in init inout internal is late let mutating nil null open override private protocol public repeat required return self Self set static struct super switch this throw throws true try typealias var void where while with",
        ..C_LIKE
    },
    Language {
        names: "php",
        comments: &["//", "#"],
        keywords: "abstract and array as break case catch class clone const continue declare default do echo else elseif empty enum extends false final finally fn for foreach function global if implements include instanceof interface isset match namespace new null or private protected public readonly require return static switch this throw trait true try unset use var while yield",
        ..C_LIKE
    },
    Language {
        names: "ruby rb crystal elixir ex exs",
        keywords: "alias and begin break case class cond def defmodule defp do else elsif end ensure false fn for if import in module next nil not or raise redo require rescue retry return self super then true unless until use when while with yield",
        ..HASH
    },
    Language {
        names: "bash sh shell zsh fish console shellsession",
        keywords: "alias break case cd continue do done echo elif else esac eval exec exit export fi for function if in local read return set shift source sudo then trap unset until while",
        ..HASH
    },
    Language {
        names: "powershell ps1 pwsh",
        block: Some(("<#", "#>")),
        keywords: "begin break catch class continue do else elseif end exit filter finally for foreach function if in param process return switch throw trap try until using while",
        any_case: true,
        ..HASH
    },
    Language {
        names: "sql postgresql mysql sqlite plsql",
        comments: &["--"],
        keywords: "add all alter and as asc avg begin between by case check column commit constraint count create cross database default delete desc distinct drop else end exists foreign from full function group having if in index inner insert into is join key left like limit max min not null offset on or order outer over partition primary references returning right rollback select set sum table then transaction union unique update using values view when where with",
        any_case: true,
        ..C_LIKE
    },
    Language { names: "json json5 jsonc jsonl", keywords: "true false null", key_mark: Some(':'), ..C_LIKE },
    Language { names: "yaml yml", keywords: "true false null yes no", key_mark: Some(':'), in_words: "-.", ..HASH },
    Language {
        names: "toml ini conf properties env dotenv",
        comments: &["#", ";"],
        texts: &[("\"\"\"", "\"\"\"")],
        keywords: "true false",
        key_mark: Some('='),
        in_words: "-.",
        ..HASH
    },
    Language {
        names: "html xml svg vue xhtml jinja",
        comments: &[],
        block: Some(("<!--", "-->")),
        quotes: "\"",
        in_words: "-:",
        has_tags: true,
        ..C_LIKE
    },
    Language {
        names: "css scss less sass",
        keywords: "@media @import important",
        key_mark: Some(':'),
        in_words: "-",
        ..C_LIKE
    },
    Language {
        names: "lua",
        comments: &["--"],
        block: Some(("--[[", "]]")),
        texts: &[("[[", "]]")],
        keywords: "and break do else elseif end false for function goto if in local nil not or repeat return then true until while",
        ..C_LIKE
    },
    Language {
        names: "haskell hs elm purescript",
        comments: &["--"],
        block: Some(("{-", "-}")),
        quotes: "\"",
        keywords: "as case class data deriving do else family forall foreign if import in infix infixl infixr instance let module newtype of qualified then type where",
        ..C_LIKE
    },
    Language {
        names: "ocaml ml",
        comments: &[],
        block: Some(("(*", "*)")),
        quotes: "\"",
        keywords: "and as begin do done else end exception external false for fun function if in include let match module mutable new object of open rec sig struct then to true try type val when while with",
        ..C_LIKE
    },
    Language {
        names: "r julia jl nim perl pl make makefile cmake nix",
        keywords: "FALSE NA NULL TRUE and begin break const do else elseif elsif end export false for foreach function global if import in include inherit last let local macro module my mutable next not nothing or our proc repeat return struct sub true unless use using var while with",
        ..HASH
    },
    Language {
        names: "dockerfile docker containerfile",
        keywords: "ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR",
        ..HASH
    },
    Language {
        names: "terraform tf hcl",
        comments: &["#", "//"],
        keywords: "data false for for_each if in locals module null output provider resource terraform true variable",
        key_mark: Some('='),
        ..C_LIKE
    },
    Language {
        names: "zig v odin",
        keywords: "and bool break catch comptime const continue defer else enum errdefer error export false fn for if import inline mut null or orelse pub return struct switch test true try undefined union unreachable usingnamespace var void while",
        ..C_LIKE
    },
    Language {
        names: "proto protobuf graphql gql",
        comments: &["//", "#"],
        texts: &[("\"\"\"", "\"\"\"")],
        keywords: "bool bytes directive double enum extend false float fragment implements import input int32 int64 interface map message mutation on oneof option optional package query repeated reserved returns rpc scalar schema service string subscription syntax true type uint32 uint64 union",
        ..C_LIKE
    },
    Language { names: "diff patch", is_diff: true, ..C_LIKE },
];

impl Language {
    /// The language of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<&'static Self> {
        let end = name.find([',', ':', '{', '(']).unwrap_or(name.len());
        let name = name[..end].to_ascii_lowercase();
        TABLE.iter().find(|language| language.names.split(' ').any(|known| known == name))
    }

    /// Whether a word means something.
    #[must_use]
    pub fn is_keyword(&self, word: &str) -> bool {
        let same = |known: &str| known == word || self.any_case && known.eq_ignore_ascii_case(word);
        self.keywords.split(' ').any(same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_languages() {
        let mut names: Vec<&str> = TABLE.iter().flat_map(|language| language.names.split(' ')).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(names.iter().all(|name| Language::of(name).is_some()));
        assert!(Language::of("").is_none() && Language::of("rust,ignore").is_some());
    }
}
