//! Output that doesn't fit its schema, sent back with what is wrong with it, as PydanticAI's agents do.

use tokio_util::sync::CancellationToken;

use super::{EventSink, Model, Request, attempt};
use crate::message::{
    Extra, FinishReason, ModelMessage, ModelRequest, ModelResponse, RequestPart, ResponsePart, RetryPrompt, ToolCall,
};
use crate::wire::{ModelError, OUTPUT_TOOL, WrongOutput};

/// Asks until the output fits or its retries are used up: the answer that the lane takes. Each time is an attempt of its
/// own, and a chain begins with its first model again.
pub async fn answer(
    model: &dyn Model,
    mut request: Request,
    events: &EventSink,
    cancel: &CancellationToken,
) -> Result<ModelResponse, ModelError> {
    let mut retries = request.output.as_ref().map_or(0, |output| output.retries);
    loop {
        let error = match attempt::perform(model, &request, events, cancel).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        match error.wrong_output {
            Some(wrong) if retries > 0 && may_be_mended(&wrong.answer) => request.messages.extend(feedback(*wrong)),
            _ => return Err(error),
        }
        retries -= 1;
    }
}

/// Whether asking again makes sense: a request that the vendor refused, or whose tokens were used up before the answer
/// began, would only be repeated (as in PydanticAI's `_agent_graph.py`).
fn may_be_mended(answer: &ModelResponse) -> bool {
    let is_in_vain = matches!(answer.finish_reason, Some(FinishReason::ContentFilter | FinishReason::Length));
    answer.has_output() || !is_in_vain
}

/// The answer, and what is wrong with it.
fn feedback(wrong: WrongOutput) -> [ModelMessage; 2] {
    let (answer, problem) = (wrong.answer, wrong.problems.join("\n"));
    let calls = answer.parts.iter().filter_map(|part| match part {
        ResponsePart::ToolCall(call) => Some(refused(call, &problem)),
        _ => None,
    });
    let mut parts: Vec<_> = calls.collect();
    if parts.is_empty() {
        parts.push(RequestPart::RetryPrompt(retry(&problem)));
    }
    [ModelMessage::Response(answer), ModelMessage::Request(ModelRequest { parts, ..ModelRequest::default() })]
}

/// What a call is answered: every call wants an answer, also one of a tool that there is not.
fn refused(call: &ToolCall, problem: &str) -> RequestPart {
    let unknown = || format!("Unknown tool name: '{}'. Available tools: '{OUTPUT_TOOL}'", call.tool_name);
    let content = if call.tool_name == OUTPUT_TOOL { problem.to_owned() } else { unknown() };
    RequestPart::RetryPrompt(RetryPrompt {
        tool_name: Some(call.tool_name.clone()),
        tool_call_id: call.tool_call_id.clone(),
        ..retry(&content)
    })
}

fn retry(content: &str) -> RetryPrompt {
    RetryPrompt {
        content: content.into(),
        tool_name: None,
        tool_call_id: String::new(),
        timestamp: None,
        extra: Extra::new(),
    }
}
