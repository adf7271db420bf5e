//! Every format, by small bodies written after the vendors' documentation.

use super::*;

macro_rules! page {
    ($format:expr, $file:literal) => {
        list_page($format, include_bytes!(concat!("../../../tests/data/models/", $file))).expect("a page")
    };
}

/// The names, and what the next page is asked for with.
fn told(page: &ListPage) -> (Vec<&str>, Option<&str>) {
    (page.models.iter().map(|model| model.name.as_str()).collect(), page.next.as_deref())
}

#[test]
fn only_what_can_be_asked_is_listed() {
    assert_eq!(
        told(&page!(ListFormat::OpenAi, "openai.json")),
        (vec!["gpt-4o", "gpt-5", "text-embedding-3-small"], None)
    );
    assert_eq!(told(&page!(ListFormat::OpenAi, "ollama.json")), (vec!["llama3.2:latest"], None));
    let together = vec!["meta-llama/Llama-3.3-70B-Instruct-Turbo", "some/new-kind"];
    assert_eq!(told(&page!(ListFormat::OpenAi, "together.json")), (together, None));
    assert_eq!(told(&page!(ListFormat::Mistral, "mistral.json")), (vec!["mistral-small-latest", "ft:mine"], None));
}

#[test]
fn a_page_tells_how_to_go_on() {
    let first = page!(ListFormat::Anthropic, "anthropic-1.json");
    assert_eq!(told(&first), (vec!["claude-sonnet-4-5-20250929"], Some("claude-sonnet-4-5-20250929")));
    assert_eq!(told(&page!(ListFormat::Anthropic, "anthropic-2.json")), (vec!["claude-3-5-haiku-20241022"], None));
    let first = page!(ListFormat::Gemini, "gemini-1.json");
    assert_eq!(told(&first), (vec!["gemini-2.5-pro", "tunedModels/mine"], Some("Cg/a=")));
    assert_eq!(told(&page!(ListFormat::Gemini, "gemini-2.json")), (vec!["gemini-2.5-flash"], None));
    assert_eq!(told(&page!(ListFormat::Cohere, "cohere.json")), (vec!["command-a-03-2025"], Some("p2")));
}

#[test]
fn a_price_for_a_token_becomes_one_for_a_million() {
    let page = page!(ListFormat::OpenRouter, "openrouter.json");
    let rates: Vec<_> = page.models.iter().map(|model| model.rates).collect();
    let gpt = Rates { input: 2.5, output: 10.0, cache_read: Some(1.25), cache_write: None };
    let claude = Rates { input: 3.0, output: 15.0, cache_read: Some(0.3), cache_write: Some(3.75) };
    let free = Rates { input: 0.0, output: 0.0, cache_read: None, cache_write: None };
    assert_eq!(rates, [Some(gpt), Some(claude), Some(free), None, None, None, None]);
}

#[test]
fn requests_are_as_documented() {
    let path = |format, next| list_request(format, next).map(|request| request.path);
    let table = [
        (ListFormat::OpenAi, None, Some("/models")),
        (ListFormat::OpenRouter, Some("x"), Some("/models")),
        (ListFormat::Anthropic, None, Some("/v1/models?limit=1000")),
        (ListFormat::Anthropic, Some("claude-a"), Some("/v1/models?limit=1000&after_id=claude%2Da")),
        (ListFormat::Gemini, Some("Cg/a="), Some("/models?pageSize=1000&pageToken=Cg%2Fa%3D")),
        (ListFormat::Mistral, None, Some("/v1/models")),
        (ListFormat::Cohere, Some("p&2"), Some("/v1/models?endpoint=chat&page_size=1000&page_token=p%262")),
        (ListFormat::Untold, None, None),
    ];
    for (format, next, expected) in table {
        assert_eq!(path(format, next).as_deref(), expected, "{format:?}");
    }
    let headers = list_request(ListFormat::Anthropic, None).map(|request| request.headers);
    assert_eq!(headers, Some(vec![("anthropic-version", "2023-06-01".to_owned())]));
}

#[test]
fn what_is_no_list_is_told() {
    let error = |body: &str| {
        let error = list_page(ListFormat::OpenAi, body.as_bytes()).expect_err("no list");
        (error.kind, error.message)
    };
    assert_eq!(error(r#"{"error":{"message":"no key"}}"#), (ErrorKind::Provider, "no key".to_owned()));
    let unexpected = (ErrorKind::Protocol, "the list of models is not what was expected".to_owned());
    for body in ["{}", "7", r#"{"data":{}}"#, r#"{"error":null}"#] {
        assert_eq!(error(body), unexpected, "{body}");
    }
    assert_eq!(error("<html>").0, ErrorKind::Protocol);
    // Cut anywhere, a list is none: half of one must not pass for the whole.
    let whole = include_bytes!("../../../tests/data/models/openai.json").trim_ascii_end();
    for end in 0..whole.len() {
        assert!(list_page(ListFormat::OpenAi, &whole[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn a_list_with_nothing_in_it_is_one() {
    assert_eq!(list_page(ListFormat::OpenAi, br#"{"object":"list","data":null}"#), Ok(ListPage::default()));
    assert_eq!(list_page(ListFormat::OpenAi, b"[]"), Ok(ListPage::default()));
    assert_eq!(list_page(ListFormat::Gemini, b"{}"), Ok(ListPage::default()));
}
