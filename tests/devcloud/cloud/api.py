"""REST calls that fill a fresh cloud. The openstack command line would take 1.5 s for each."""
import json
import urllib.error
import urllib.parse
import urllib.request

from cloud.state import PASSWORD, REGION, CloudError

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def reachable(url, timeout=5):
    """Whether a server responds without a server error. With --need-app uWSGI accepts connections before it has loaded the
    application, so the response may take a while."""
    try:
        with DIRECT.open(url, timeout=timeout):
            return True
    except urllib.error.HTTPError as e:
        return e.code < 500
    except OSError:
        return False


class Api:
    """Calls the APIs with a token of a project, with JSON in both directions."""

    def __init__(self, cloud, user, project):
        self.cloud = cloud
        domain = {"domain": {"id": "default"}}
        identity = {"methods": ["password"], "password": {"user": {"name": user, "password": PASSWORD, **domain}}}
        body = {"auth": {"identity": identity, "scope": {"project": {"name": project, **domain}}}}
        self.token = None
        with self.send("POST", cloud.url("keystone") + "/v3/auth/tokens", body) as response:
            self.token = response.headers["X-Subject-Token"]
            token = json.load(response)["token"]
            self.project, self.user = token["project"]["id"], token["user"]["id"]

    def send(self, method, url, body=None, headers=()):
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **dict(headers)}
        if self.token:
            headers["X-Auth-Token"] = self.token
        try:
            return DIRECT.open(urllib.request.Request(url, data, headers, method=method), timeout=60)
        except urllib.error.HTTPError as e:
            raise CloudError(f"{method} {url}: {e.code} {e.read().decode(errors='replace')[:500]}") from e
        except OSError as e:
            raise CloudError(f"{method} {url}: {e}") from e

    def call(self, method, service, path, body=None, headers=()):
        with self.send(method, self.cloud.url(service) + path, body, headers) as response:
            text = response.read()
            return json.loads(text) if text else None

    def get(self, service, path, **query):
        return self.call("GET", service, path + ("?" + urllib.parse.urlencode(query) if query else ""))

    def ensure(self, service, path, kind, name, body=(), **query):
        """Returns the resource of this name; creates it if it does not exist."""
        plural = kind + "s"
        for found in self.get(service, path, name=name, **query)[plural]:
            if found["name"] == name:
                return found
        return self.call("POST", service, path, {kind: {"name": name, **dict(body)}})[kind]

    def register(self, kind, name, url):
        """Creates the entry of a service in the catalog."""
        service = next(iter(self.get("keystone", "/v3/services", type=kind)["services"]), None)
        if service is None:
            service = self.call("POST", "keystone", "/v3/services", {"service": {"type": kind, "name": name}})["service"]
        have = {e["interface"] for e in self.get("keystone", "/v3/endpoints", service_id=service["id"])["endpoints"]}
        for interface in {"public", "internal", "admin"} - have:
            self.call("POST", "keystone", "/v3/endpoints", {"endpoint": {
                "service_id": service["id"], "interface": interface, "url": url, "region_id": REGION}})
