// The least that a full health check can cost: exchanges the same messages as the agent with
// probe=builtin, proto=udptcp and rpc=unixd:..., and does nothing else. It only needs libc, and it
// looks at nothing but whether each answer begins as it should.
//
// usage: agent_bare_probe IPV4 PORT RPC_SOCKET

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void fail(const char* what) {
  perror(what);
  exit(1);
}

static int ip_socket(int type, const char* address, int port) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  inet_pton(AF_INET, address, &server.sin_addr);
  const int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr*)&server, sizeof server) != 0) {
    fail("connect");
  }
  return fd;
}

static void ask_options(int fd, const char* transport, const char* address, int port) {
  struct sockaddr_in local;
  socklen_t size = sizeof local;
  char text[1024];
  getsockname(fd, (struct sockaddr*)&local, &size);
  const int here = ntohs(local.sin_port);
  const int length =
      snprintf(text, sizeof text,
               "OPTIONS sip:monitor@%s:%d SIP/2.0\r\n"
               "Via: SIP/2.0/%s %s:%d;branch=z9hG4bK%x%s;rport\r\n"
               "Max-Forwards: 70\r\n"
               "From: <sip:ocf-kamailio@%s:%d>;tag=1\r\n"
               "To: <sip:monitor@%s:%d>\r\n"
               "Call-ID: %x%s\r\n"
               "CSeq: 1 OPTIONS\r\n"
               "Contact: <sip:ocf-kamailio@%s:%d>\r\n"
               "Accept: application/sdp\r\n"
               "User-Agent: ocf-kamailio\r\n"
               "Content-Length: 0\r\n\r\n",
               address, port, transport, address, here, (unsigned)getpid(), transport, address,
               here, address, port, (unsigned)getpid(), transport, address, here);
  if (write(fd, text, (size_t)length) != length) {
    fail("write");
  }
}

static int rpc_socket(const char* path) {
  struct sockaddr_un server = {.sun_family = AF_UNIX};
  const struct sockaddr_un any = {.sun_family = AF_UNIX};
  strncpy(server.sun_path, path, sizeof server.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, (const struct sockaddr*)&any, sizeof(sa_family_t)) != 0 ||
      connect(fd, (struct sockaddr*)&server, sizeof server) != 0) {
    fail(path);
  }
  return fd;
}

static void ask_rpc(int fd, const char* method) {
  char text[128];
  const int length =
      snprintf(text, sizeof text, "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"%s\"}", method);
  if (write(fd, text, (size_t)length) != length) {
    fail("write");
  }
}

int main(int argc, char** argv) {
  if (argc < 4) {
    fputs("usage: agent_bare_probe IPV4 PORT RPC_SOCKET\n", stderr);
    return 2;
  }
  const int port = atoi(argv[2]);
  enum { udp, tcp, rpc, count };
  struct pollfd sockets[count] = {{.events = POLLIN}, {.events = POLLIN}, {.events = POLLIN}};
  sockets[udp].fd = ip_socket(SOCK_DGRAM, argv[1], port);
  sockets[tcp].fd = ip_socket(SOCK_STREAM, argv[1], port);
  sockets[rpc].fd = rpc_socket(argv[3]);
  ask_options(sockets[udp].fd, "UDP", argv[1], port);
  ask_options(sockets[tcp].fd, "TCP", argv[1], port);
  ask_rpc(sockets[rpc].fd, "core.uptime");
  static char answer[65536];
  int seen[count] = {0};
  while (seen[udp] == 0 || seen[tcp] == 0 || seen[rpc] == 0) {
    if (poll(sockets, count, 5000) <= 0) {
      fail("poll");
    }
    for (int i = 0; i < count; ++i) {
      if (sockets[i].revents == 0) {
        continue;
      }
      const ssize_t size = read(sockets[i].fd, answer, sizeof answer);
      const char* const begin = i == rpc ? "{" : "SIP/2.0 200 ";
      if (size <= 0 || strncmp(answer, begin, strlen(begin)) != 0) {
        fail("answer");
      }
      ++seen[i];
    }
  }
  return 0;
}
