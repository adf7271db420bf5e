#!/usr/bin/env python3
"""Any model of PydanticAI, behind llmbench: needs `pip install pydantic-ai`, or pydantic-ai-slim with what a provider needs.

In llmbench's configuration:

    [providers.pydantic]
    interface = "command"
    command = ["python3", "examples/pydantic_ai_model.py"]

Then `pydantic:openai:gpt-4o` is PydanticAI's `openai:gpt-4o`, with the key where PydanticAI looks for it, and
`pydantic:test` its TestModel. Models of your own go into MODELS, as the function below. Events are PydanticAI's own:
llmbench reads them as they are.
"""

import asyncio
import json
import sys

from pydantic_ai import ModelHTTPError, ModelMessagesTypeAdapter
from pydantic_ai.direct import model_request, model_request_stream
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.function import FunctionModel
from pydantic_ai.models.test import TestModel
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.tools import ToolDefinition
from pydantic_core import to_json


async def count(messages, info):
    """A model is a function: this one counts up to max_tokens."""
    for number in range(1, (info.model_settings or {}).get("max_tokens", 3) + 1):
        yield f"{number} "


MODELS = {"test": TestModel(), "count": FunctionModel(stream_function=count)}


def say(line):
    sys.stdout.buffer.write(to_json(line) + b"\n")
    sys.stdout.buffer.flush()


def parameters(output):
    """What llmbench says of structured output, as PydanticAI says it."""
    if output is None:
        return ModelRequestParameters()
    schema, mode = dict(output["schema"]), output["mode"]
    description = schema.pop("description", None)
    if mode == "tool":
        tool = ToolDefinition(
            name=output["tool_name"], description=description, parameters_json_schema=schema, kind="output"
        )
        return ModelRequestParameters(output_mode=mode, output_tools=[tool], allow_text_output=False)
    described = OutputObjectDefinition(json_schema=schema, name=schema.get("title"), description=description)
    return ModelRequestParameters(output_mode=mode, output_object=described)


async def answer(request):
    model = MODELS.get(request["model"], request["model"])
    asked = {
        "messages": ModelMessagesTypeAdapter.validate_python(request["messages"]),
        "model_settings": request["settings"],
        "model_request_parameters": parameters(request["output"]),
    }
    if request["stream"]:
        async with model_request_stream(model, **asked) as stream:
            async for event in stream:
                say(event)
            response = stream.get()
    else:
        response = await model_request(model, **asked)
        for index, part in enumerate(response.parts):
            say({"event": "part_start", "index": index, "part": part})
    say({"event": "start", "model_name": response.model_name, "provider_response_id": response.provider_response_id})
    # PydanticAI counts what it was not told as 0.
    counts = {name: tokens for name, tokens in vars(response.usage).items() if tokens}
    say({"event": "usage", "usage": counts})
    say({"event": "finish", "finish_reason": response.finish_reason})


def main():
    try:
        asyncio.run(answer(json.load(sys.stdin)))
    except ModelHTTPError as error:
        say({"error": {"message": str(error), "status": error.status_code, "body": error.body}})
    except Exception as error:
        say({"error": f"{type(error).__name__}: {error}"})
        raise


main()
