//! Whether a failure means that the provider doesn't know the model's name.

use serde_json::Value;

/// Codes and types of errors that mean it, of all vendors (in the error object's `code`, `type` or `status`).
const CODES: [&str; 8] = [
    "model_not_found",
    "model_not_available",
    "model_not_exist",
    "invalid_model",
    "not_found_error",
    "NOT_FOUND",
    "DeploymentNotFound",
    "ResourceNotFoundException",
];
/// What vendors without such a code write beside the word "model".
const PHRASES: [&str; 8] = [
    "not found",
    "not exist",
    "doesn't exist",
    "no such",
    "invalid model",
    "not a valid model",
    "identifier is invalid",
    "unknown model",
];

/// Whether this answer says that there is no model of that name. `body` is the error's, as
/// [`ModelError::body`](super::ModelError::body) keeps it.
///
/// Most vendors answer 404; Mistral, DeepSeek, Perplexity, OpenRouter and Bedrock answer 400.
#[must_use]
pub fn rejects_model(status: u16, body: Option<&Value>) -> bool {
    match status {
        404 => true,
        400 | 422 => body.is_some_and(says_so),
        _ => false,
    }
}

fn says_so(body: &Value) -> bool {
    match body {
        Value::String(text) => is_sentence(text),
        Value::Array(items) => items.iter().any(says_so),
        Value::Object(fields) => fields.iter().any(|(name, value)| match (name.as_str(), value) {
            ("code" | "type" | "status", Value::String(code)) => CODES.contains(&code.as_str()),
            ("error", inner) => says_so(inner),
            ("message" | "Message" | "detail", Value::String(text)) => is_sentence(text),
            _ => false,
        }),
        _ => false,
    }
}

fn is_sentence(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("model") && PHRASES.iter().any(|phrase| text.contains(phrase))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_vendors_way_to_say_so() {
        let bodies = [
            json!({"error": {"message": "The model `gpt-9` does not exist", "type": "invalid_request_error", "code": "model_not_found"}}),
            json!({"object": "error", "message": "Invalid model: mistral-9", "type": "invalid_model", "code": "1500"}),
            json!({"error": {"message": "Model Not Exist", "type": "invalid_request_error", "code": "invalid_request_error"}}),
            json!({"error": {"message": "gpt-9 is not a valid model ID", "code": 400}}),
            json!({"error": {"message": "Invalid model 'sonar-9'. Permitted models are …", "type": "invalid_model", "code": 400}}),
            json!({"message": "The provided model identifier is invalid."}),
            json!({"type": "error", "error": {"type": "not_found_error", "message": "model: claude-9"}}),
            json!([{"error": {"code": 400, "message": "models/g is not found for API version v1beta", "status": "NOT_FOUND"}}]),
            json!({"error": "model \"llama9\" not found, try pulling it first"}),
            json!("model not found"),
        ];
        for body in bodies {
            assert!(rejects_model(400, Some(&body)), "{body}");
        }
        assert!(rejects_model(404, None));
    }

    #[test]
    fn other_failures_are_none() {
        let other =
            json!({"error": {"message": "max_tokens is too large for this model", "type": "invalid_request_error"}});
        assert!(!rejects_model(400, Some(&other)));
        assert!(!rejects_model(400, None));
        let wrong_key = json!({"error": {"message": "model not found", "code": "model_not_found"}});
        assert!(!rejects_model(401, Some(&wrong_key)));
    }
}
