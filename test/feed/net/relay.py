"""A link between two network namespaces whose delay, jitter and loss are set while it runs: two TUN devices, and this between them.

relay.py NAMESPACE_A NAMESPACE_B; a line "delay_ms jitter_ms loss" on standard input sets the link, loss 1 cuts it.
"""
import ctypes, fcntl, heapq, os, random, select, struct, sys, time

libc = ctypes.CDLL(None, use_errno=True)
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


def enter(namespace):
    with open(f"/run/netns/{namespace}") as file:
        if libc.setns(file.fileno(), 0x40000000) != 0:
            raise OSError(ctypes.get_errno(), "setns")


def tun(namespace):
    enter(namespace)
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", b"link0", IFF_TUN | IFF_NO_PI))
    return device


def main():
    ends = [tun(sys.argv[1]), tun(sys.argv[2])]
    os.set_blocking(0, False)
    print("ready", flush=True)
    delay, jitter, loss, waiting, count, said = 0.0, 0.0, 0.0, [], 0, b""
    while True:
        timeout = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        for source in select.select([0, *ends], [], [], timeout)[0]:
            if source == 0:
                chunk = os.read(0, 4096)
                if not chunk:
                    return
                *lines, said = (said + chunk).split(b"\n")
                for line in lines:
                    delay, jitter, loss = (float(word) for word in line.split())
                    print("set", flush=True)
                continue
            packet = os.read(source, 65536)
            if random.random() >= loss:
                due = time.monotonic() + max(0.0, random.gauss(delay, jitter)) / 1000
                count += 1
                heapq.heappush(waiting, (due, count, ends[1 - ends.index(source)], packet))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, target, packet = heapq.heappop(waiting)
            try:
                os.write(target, packet)
            except OSError:
                pass  # the other end is not up yet


main()
