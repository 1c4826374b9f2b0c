/* The physical limit of durable one-to-one messages: what a program does that has nothing to do
 * but to take lines from sockets, append them to a file, fdatasync once for all that came
 * together, and hand each to its reader. No identity, no rules, no database.
 *
 *   limit serve FILE              prints its port, serves until it is killed
 *   limit load PORT PAIRS WINDOW SECONDS    drives it and prints one JSON object
 *
 * The load speaks as bench/load.py does: each pair keeps WINDOW messages under way, a latency is
 * counted from written until the other side has it, and the first second is not measured. Each
 * message is a write of its own, as it is where people write: writes that go together would lift
 * the limit further, and with it the bar.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { READY = 256, ROOM = 1 << 16, MOST = 4096 };

struct end {
  int fd, pair, reads, fill;
  char in[ROOM];
};

static struct end *writers[MOST], *readers[MOST];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void put(int fd, const char *data, size_t size) {
  while (size) {
    ssize_t done = send(fd, data, size, MSG_NOSIGNAL);
    if (done < 0) {
      if (errno == EAGAIN || errno == EINTR) continue;
      return; /* gone: its lines stay in the file */
    }
    data += done;
    size -= done;
  }
}

static struct end *watched(int epoll, int fd) {
  int on = 1;
  struct end *end = calloc(1, sizeof *end);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = end};
  if (!end) fail("memory");
  end->fd = fd;
  end->pair = -1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event)) fail("epoll_ctl");
  return end;
}

static int filled(struct end *end) {
  ssize_t got = recv(end->fd, end->in + end->fill, ROOM - end->fill, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
  if (got <= 0) return 0;
  end->fill += got;
  return 1;
}

/* The first line of a connection says whose it is: "W 7" writes, "R 7" reads. */
static int introduced(struct end *end) {
  char *line = memchr(end->in, '\n', end->fill);
  if (!line) return 0;
  end->pair = atoi(end->in + 2);
  if (end->pair < 0 || end->pair >= MOST) fail("pair");
  end->reads = end->in[0] == 'R';
  *(end->reads ? &readers[end->pair] : &writers[end->pair]) = end;
  end->fill -= line + 1 - end->in;
  memmove(end->in, line + 1, end->fill);
  put(end->fd, "\n", 1);
  return 1;
}

static int whole(const struct end *end) {
  const char *last = memrchr(end->in, '\n', end->fill);
  return last ? last + 1 - end->in : 0;
}

static void acknowledge(struct end *end, int size) {
  char acks[ROOM];
  int fill = 0;
  for (char *line = end->in, *stop = end->in + size; line < stop;) {
    char *next = memchr(line, '\n', stop - line);
    int digits = strspn(line, "0123456789");
    memcpy(acks + fill, line, digits);
    acks[fill + digits] = '\n';
    fill += digits + 1;
    line = next + 1;
  }
  put(end->fd, acks, fill);
}

static void serve(const char *path) {
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof here;
  struct epoll_event ready[READY];
  struct end *batch[READY];
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600), epoll = epoll_create1(0);
  int door = socket(AF_INET, SOCK_STREAM, 0);
  struct epoll_event event = {.events = EPOLLIN};
  if (file < 0 || bind(door, (void *)&here, sizeof here) || listen(door, 1024)) fail(path);
  getsockname(door, (void *)&here, &length);
  epoll_ctl(epoll, EPOLL_CTL_ADD, door, &event);
  printf("%d\n", ntohs(here.sin_port));
  fflush(stdout);
  for (;;) {
    int count = epoll_wait(epoll, ready, READY, -1), waiting = 0;
    for (int i = 0; i < count; i++) {
      struct end *end = ready[i].data.ptr;
      if (!end) {
        watched(epoll, accept(door, NULL, NULL));
      } else if (!filled(end)) {
        close(end->fd);
        end->fd = -1;
      } else if (end->pair >= 0 || introduced(end)) {
        int size = end->reads ? 0 : whole(end);
        if (size && write(file, end->in, size) != size) fail("write");
        if (size) batch[waiting++] = end;
      }
    }
    if (waiting && fdatasync(file)) fail("fdatasync");
    for (int i = 0; i < waiting; i++) {
      struct end *end = batch[i], *other = readers[end->pair];
      int size = whole(end);
      if (end->fd >= 0) acknowledge(end, size);
      if (other && other->fd >= 0) put(other->fd, end->in, size);
      end->fill -= size;
      memmove(end->in, end->in + size, end->fill);
    }
  }
}

static int by_size(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static int dialled(int port, char kind, int pair) {
  struct sockaddr_in there = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  char line[32];
  there.sin_port = htons(port);
  if (connect(fd, (void *)&there, sizeof there)) fail("connect");
  put(fd, line, snprintf(line, sizeof line, "%c %d\n", kind, pair));
  if (recv(fd, line, 1, 0) != 1) fail("introduction");
  return fd;
}

static void load(int port, int pairs, int window, double seconds) {
  int epoll = epoll_create1(0);
  struct epoll_event ready[READY];
  size_t count = 0, room = 1 << 20;
  float *took = malloc(room * sizeof *took);
  double **began = calloc(pairs, sizeof *began), start;
  long *sent = calloc(pairs, sizeof *sent);
  char text[256];
  if (pairs > MOST || !took || !began || !sent) fail("pairs");
  for (int i = 0; i < pairs; i++) {
    began[i] = calloc(window, sizeof **began);
    writers[i] = watched(epoll, dialled(port, 'W', i));
    readers[i] = watched(epoll, dialled(port, 'R', i));
    writers[i]->pair = readers[i]->pair = i;
    readers[i]->reads = 1;
  }
#define SEND(i)                                                                       \
  do {                                                                                \
    began[i][sent[i] % window] = now();                                               \
    put(writers[i]->fd, text,                                                         \
        snprintf(text, sizeof text,                                                   \
                 "%ld 0190b7a4-5d7e-7cc0-8000-000000000000 0190b7a4-5d7e-4cc0-8000-"  \
                 "000000000000 message of some length, as people write them in a chat\n", \
                 sent[i]++));                                                         \
  } while (0)
  start = now() + 1;
  for (int i = 0; i < pairs; i++)
    for (int n = 0; n < window; n++) SEND(i);
  while (now() < start + seconds) {
    int came = epoll_wait(epoll, ready, READY, 100);
    for (int i = 0; i < came; i++) {
      struct end *end = ready[i].data.ptr;
      int size, arrived = 0;
      double moment;
      if (!filled(end)) fail("the server ended");
      size = whole(end);
      moment = now();
      if (end->reads) {
        for (char *line = end->in; line < end->in + size; arrived++) {
          float one = moment - began[end->pair][atol(line) % window];
          if (moment >= start) {
            if (count == room && !(took = realloc(took, (room *= 2) * sizeof *took))) fail("memory");
            took[count++] = one;
          }
          line = (char *)memchr(line, '\n', end->in + size - line) + 1;
        }
      }
      end->fill -= size;
      memmove(end->in, end->in + size, end->fill);
      for (; arrived; arrived--) SEND(end->pair);
    }
  }
  if (count < 2) fail("nothing arrived");
  qsort(took, count, sizeof *took, by_size);
  printf("{\"rate\": %.0f, \"p50_ms\": %.3f, \"p99_ms\": %.3f}\n", count / seconds,
         took[count / 2] * 1e3, took[count * 99 / 100] * 1e3);
}

int main(int count, char **words) {
  if (count == 3 && !strcmp(words[1], "serve"))
    serve(words[2]);
  else if (count == 6 && !strcmp(words[1], "load"))
    load(atoi(words[2]), atoi(words[3]), atoi(words[4]), atof(words[5]));
  else
    return fprintf(stderr, "limit serve FILE | limit load PORT PAIRS WINDOW SECONDS\n"), 2;
  return 0;
}
