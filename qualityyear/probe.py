"""Owns the question a container asks its own server; exits with 1 when the answer is not “ok”.

python -m qualityyear.probe
"""

import http.client
import os
import sys

PORT = 8000
TIMEOUT_SECONDS = 4


def main(port: int = PORT) -> int:
    """Ask /healthz under the first host name the server answers to."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return 0 if connection.getresponse().status == http.client.OK else 1
    except OSError:
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
