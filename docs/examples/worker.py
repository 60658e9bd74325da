# A worker in Python that calls an API for a user: Keyhold answers what to send, and this program sends it. Standard library only.
# From the environment: KEYHOLD_URL, AWS_REGION and the AWS_… keys (as Lambda sets them). Usage: worker.py <user> <provider> <path>
import base64
import datetime
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.parse
import urllib.request
from urllib.error import HTTPError


class Refused(Exception):
    """Keyhold refused. `code` says why, such as not_connected; it is None where API Gateway refused."""

    def __init__(self, status, code):
        super().__init__(f"{status} {code}")
        self.code = code


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an error: urllib would send the credential on to the other host."""

    def redirect_request(self, *_):
        return None


opener = urllib.request.build_opener(NoRedirect)


def sign(url, body, keys, region):
    """The headers of a JSON POST without a query, signed with AWS Signature Version 4."""
    access_key, secret_key, session_token = keys
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    parts = urllib.parse.urlsplit(url)
    headers = {"content-type": "application/json", "host": parts.netloc, "x-amz-date": now}
    if session_token:
        headers["x-amz-security-token"] = session_token
    names = sorted(headers)
    lines = [f"{name}:{headers[name]}" for name in names]
    request = "\n".join(["POST", parts.path, "", *lines, "", ";".join(names), hashlib.sha256(body).hexdigest()])
    scope = f"{now[:8]}/{region}/execute-api/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"AWS4{secret_key}".encode()
    for part in [*scope.split("/"), text]:
        key = hmac.digest(key, part.encode(), "sha256")
    credential = f"Credential={access_key}/{scope}, SignedHeaders={';'.join(names)}, Signature={key.hex()}"
    return {**headers, "authorization": f"AWS4-HMAC-SHA256 {credential}"}


def environment_keys():
    """The AWS keys of the environment."""
    return os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], os.environ.get("AWS_SESSION_TOKEN")


def resolve(user_id, request, keys=None):
    """What to send for a user. Waits as Keyhold asks, three times; raises Refused."""
    user = base64.urlsafe_b64encode(user_id.encode()).decode().rstrip("=")
    url = f"{os.environ['KEYHOLD_URL'].rstrip('/')}/v1/users/~{user}/resolve"
    body = json.dumps(request).encode()
    for waits_left in (3, 2, 1, 0):
        headers = sign(url, body, keys or environment_keys(), os.environ["AWS_REGION"])
        try:
            with opener.open(urllib.request.Request(url, body, headers), timeout=30) as answer:
                return json.load(answer)
        except HTTPError as error:
            wait = error.headers.get("retry-after")
            if wait is None or waits_left == 0:
                raise Refused(error.code, json.load(error).get("code")) from None
            time.sleep(int(wait))


def call(user_id, provider, path, keys=None):
    """GETs a path of the provider's API as the user. A token that the API refuses is reported, and the call made once more."""
    found = resolve(user_id, {"provider": provider}, keys)
    for is_last in (False, True):
        if found["baseUrl"] is None:
            raise ValueError(f"the base URL of {provider} is not known")
        query = urllib.parse.urlencode(found["query"])
        url = f"{found['baseUrl']}{path}{query and '?'}{query}"
        try:
            with opener.open(urllib.request.Request(url, headers=found["headers"]), timeout=30) as answer:
                return json.load(answer)
        except HTTPError as error:
            if error.code != 401 or is_last:
                raise
            found = resolve(user_id, {"provider": provider, "refusedTokenRef": found["tokenRef"]}, keys)


if __name__ == "__main__":
    try:
        print(json.dumps(call(*sys.argv[1:4])))
    except Refused as refused:
        print("ask the user to connect:", refused.code)
