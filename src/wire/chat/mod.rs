//! What the chats of Mistral and Cohere have in common: messages with a role each, and calls of functions as OpenAI
//! writes them. What stands inside an assistant's message, and how an answer streams, is for each interface to say.

mod call_ids;
mod function_call;
mod messages;

pub use function_call::FunctionCall;
pub use messages::{Said, messages, output_tool};
