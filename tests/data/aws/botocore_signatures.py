"""Signs requests again with botocore. In: {"secret", "requests": [{"method", "url", "headers", "body"}]}, each with the
headers that it was signed with. Out: the Authorization header of each, as botocore makes it."""

import json
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def authorization(request: dict, secret: str) -> str:
    headers = {name.lower(): value for name, value in request["headers"].items()}
    _, scope = headers.pop("authorization").split("Credential=", 1)
    key, date, region, service, _ = scope.split(",", 1)[0].split("/")
    signer = SigV4Auth(Credentials(key, secret), service, region)
    again = AWSRequest(request["method"], request["url"], headers, request["body"].encode())
    again.context["timestamp"] = headers["x-amz-date"]
    canonical = signer.canonical_request(again)
    signature = signer.signature(signer.string_to_sign(again, canonical), again)
    signed = signer.signed_headers(signer.headers_to_sign(again))
    return f"AWS4-HMAC-SHA256 Credential={key}/{date}/{region}/{service}/aws4_request, SignedHeaders={signed}, Signature={signature}"


asked = json.load(sys.stdin)
json.dump([authorization(request, asked["secret"]) for request in asked["requests"]], sys.stdout)
