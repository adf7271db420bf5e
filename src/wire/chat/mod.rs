//! What the chats of OpenAI, Mistral and Cohere have in common: messages with a role each, and calls of functions and
//! ends of streams as OpenAI writes them. What stands inside a message is for each interface to say.

mod call_ids;
mod ending;
mod function_call;
mod messages;

pub use ending::Ending;
pub use function_call::FunctionCall;
pub use messages::{Said, messages, output_tool};
