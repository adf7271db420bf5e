//! A prompt's content: texts, images and documents, each of which an interface writes in its own way or doesn't take.

use std::borrow::Cow;

use serde_json::Value;

use crate::message::{UserContent, UserPrompt};
use crate::wire::{ErrorKind, ModelError};

/// One item of a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// Text.
    Text(&'a str),
    /// An image.
    Image(Media<'a>),
    /// An image that the vendor fetches.
    ImageUrl(&'a str),
    /// A document that is no plain text.
    Document(Media<'a>),
}

/// Bytes with their kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media<'a> {
    /// `image/png`.
    pub media_type: &'a str,
    /// The bytes in base64 (RFC 4648, 4).
    pub data: Cow<'a, str>,
}

impl Media<'_> {
    /// The bytes as an address (RFC 2397).
    #[must_use]
    pub fn data_uri(&self) -> String {
        format!("data:{};base64,{}", self.media_type, self.data)
    }

    /// `png` of `image/png`.
    #[must_use]
    pub fn format(&self) -> &str {
        self.media_type.split_once('/').map_or(self.media_type, |(_, format)| format)
    }
}

/// A prompt's items, in order.
///
/// # Errors
/// `ErrorKind::Config`: it holds something that is neither text nor an image nor a document.
pub fn prompt_content(prompt: &UserPrompt) -> Result<Vec<Content<'_>>, ModelError> {
    match &prompt.content {
        UserContent::Text(text) => Ok(vec![Content::Text(text)]),
        UserContent::Items(items) => items.iter().map(item).collect(),
    }
}

fn item(item: &Value) -> Result<Content<'_>, ModelError> {
    let field = |name: &str| item.get(name).and_then(Value::as_str);
    match (item, field("kind")) {
        (Value::String(text), _) => Ok(Content::Text(text)),
        (_, Some("text-content")) => Ok(Content::Text(field("content").unwrap_or_default())),
        (_, Some("image-url")) => Ok(Content::ImageUrl(field("url").unwrap_or_default())),
        (_, Some("binary")) => media(field("media_type").unwrap_or_default(), field("data").unwrap_or_default()),
        (_, kind) => field("content").map(Content::Text).ok_or_else(|| not_sent(kind.unwrap_or("other"))),
    }
}

fn media<'a>(media_type: &'a str, data: &'a str) -> Result<Content<'a>, ModelError> {
    let media = Media { media_type, data: standard(data) };
    match media_type.split_once('/') {
        Some(("image", _)) => Ok(Content::Image(media)),
        Some(("application", "pdf")) => Ok(Content::Document(media)),
        _ => Err(not_sent(media_type)),
    }
}

/// PydanticAI writes base64 with the alphabet for addresses (RFC 4648, 5), which vendors don't read.
fn standard(data: &str) -> Cow<'_, str> {
    if data.contains(['-', '_']) { Cow::Owned(data.replace('-', "+").replace('_', "/")) } else { Cow::Borrowed(data) }
}

fn not_sent(what: &str) -> ModelError {
    let message = format!("a prompt holds content of kind {what}, and only text, images and PDF can be sent");
    ModelError::new(ErrorKind::Config, message).with_hint("leave it out of the prompt or the history")
}

/// An interface doesn't take such content. `whose`: `Groq`.
#[must_use]
pub fn not_taken(whose: &str, what: &Content<'_>) -> ModelError {
    let what = match what {
        Content::Text(_) => "text",
        Content::Image(_) => "images",
        Content::ImageUrl(_) => "addresses of images",
        Content::Document(_) => "PDF documents",
    };
    ModelError::new(ErrorKind::Config, format!("{whose} takes no {what} in a prompt"))
        .with_hint("leave the attachment out, or ask a model that takes it")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::InterfaceKind;
    use crate::wire::testing::{encoded, refused};

    /// As PydanticAI 2.68 writes a prompt with an image and a PDF.
    fn history() -> Value {
        json!([{"kind": "request", "parts": [{"part_kind": "user-prompt", "content": [
            "Look:",
            {"data": "__77iVBORw==", "media_type": "image/png", "vendor_metadata": null, "kind": "binary", "identifier": "1"},
            {"data": "JVBERi0x", "media_type": "application/pdf", "vendor_metadata": null, "kind": "binary"},
        ]}]}])
    }

    /// What PydanticAI 2.68 sent to a server on loopback for that prompt, but for the spelling of Gemini's fields.
    fn table() -> [(InterfaceKind, &'static str, Value); 6] {
        let (png, pdf) = ("data:image/png;base64,//77iVBORw==", "data:application/pdf;base64,JVBERi0x");
        let source = |kind: &str, data: &str| json!({"type": "base64", "media_type": kind, "data": data});
        let inline = |kind: &str, data: &str| json!({"inlineData": {"mimeType": kind, "data": data}});
        let file = json!({"file_data": pdf, "filename": "filename.pdf"});
        let image_url = json!({"type": "image_url", "image_url": {"url": png}});
        [
            (
                InterfaceKind::OpenAi,
                "/messages/0/content",
                json!([
                {"type": "text", "text": "Look:"}, image_url, {"type": "file", "file": file}]),
            ),
            (
                InterfaceKind::Responses,
                "/input/0/content",
                json!([
                {"type": "input_text", "text": "Look:"},
                {"type": "input_image", "image_url": png, "detail": "auto"},
                {"type": "input_file", "file_data": pdf, "filename": "filename.pdf"}]),
            ),
            (
                InterfaceKind::Anthropic,
                "/messages/0/content",
                json!([
                {"type": "text", "text": "Look:"},
                {"type": "image", "source": source("image/png", "//77iVBORw==")},
                {"type": "document", "source": source("application/pdf", "JVBERi0x")}]),
            ),
            (
                InterfaceKind::Gemini,
                "/contents/0/parts",
                json!([
                {"text": "Look:"}, inline("image/png", "//77iVBORw=="), inline("application/pdf", "JVBERi0x")]),
            ),
            (
                InterfaceKind::Mistral,
                "/messages/0/content",
                json!([
                {"type": "text", "text": "Look:"}, image_url, {"type": "document_url", "document_url": pdf}]),
            ),
            (
                InterfaceKind::Bedrock,
                "/messages/0/content",
                json!([
                {"text": "Look:"},
                {"image": {"format": "png", "source": {"bytes": "//77iVBORw=="}}},
                {"document": {"name": "Document 1", "format": "pdf", "source": {"bytes": "JVBERi0x"}}}]),
            ),
        ]
    }

    #[test]
    fn every_interface_writes_images_and_documents_in_its_own_way() {
        for (kind, place, expected) in table() {
            let request = encoded(kind, "m", &history(), &json!({}));
            let body: Value = serde_json::to_value(&request.body).expect("JSON");
            assert_eq!(body.pointer(place), Some(&expected), "{kind:?}");
        }
    }

    #[test]
    fn an_interface_that_does_not_take_it_says_so() {
        let of = |item: Value| json!([{"kind": "request", "parts": [{"part_kind": "user-prompt", "content": [item]}]}]);
        let (image, url) =
            (history()[0]["parts"][0]["content"][1].clone(), json!({"kind": "image-url", "url": "https://x"}));
        let told = |kind, item: &Value| refused(kind, "m", &of(item.clone())).to_string();
        assert_eq!(told(InterfaceKind::Cohere, &image), "Cohere takes no images in a prompt");
        assert_eq!(told(InterfaceKind::Gemini, &url), "Gemini takes no addresses of images in a prompt");
        assert_eq!(told(InterfaceKind::Bedrock, &url), "Bedrock takes no addresses of images in a prompt");
        let sound = json!({"kind": "binary", "media_type": "audio/wav", "data": ""});
        let message = "a prompt holds content of kind audio/wav, and only text, images and PDF can be sent";
        assert_eq!(told(InterfaceKind::OpenAi, &sound), message);
    }
}
