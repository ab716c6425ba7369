"""A worker of a Mycelia compute pool, with nothing but Python's own library: python3 pool_worker.py http://127.0.0.1:9090"""
import json, os, socket, sys, threading, time, urllib.error, urllib.request

POOL = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("POOL_URL", "http://127.0.0.1:9090")
TOKEN = os.environ.get("MYCELIA_API_TOKEN")


def post(path, body):
    headers = {"content-type": "application/json", **({"authorization": f"Bearer {TOKEN}"} if TOKEN else {})}
    request = urllib.request.Request(POOL + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


TASKS = {"mean_rtt": lambda data: {"mean_ms": sum(data["rtt_ms"]) / len(data["rtt_ms"])}}
node = post("/register", {"name": "python", "host": socket.gethostname(), "frameworks": ["python"], "task_types": list(TASKS)})


def beat():
    while True:
        time.sleep(node["lease_ms"] / 3_000)  # three times in a lease, so that one that is lost costs nothing
        post("/heartbeat", {"node_id": node["node_id"]})


threading.Thread(target=beat, daemon=True).start()
while True:
    task = post("/claim", {"node_id": node["node_id"], "wait_ms": 5000})["task"]
    if task is None:
        continue
    try:
        outcome = {"result": TASKS[task["task_type"]](task["data"])}
    except Exception as error:
        outcome = {"error": str(error)}
    try:
        post("/results/" + task["task_id"], {"lease": task["lease"], **outcome})
    except urllib.error.HTTPError as refused:
        print("not accepted:", refused.read().decode())  # 409: it came too late
