#include "sim/calibration/world_ground.h"

#include "agent/host/environment.h"
#include "sim/actors/kamailio.h"
#include "sim/actors/kamctl.h"
#include "sim/actors/sip_responder.h"
#include "sim/actors/sipsak.h"
#include "sim/calibration/words.h"
#include "sim/stages/world_stage.h"
#include "sim/worlds/profile_reader.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

namespace calibration {
namespace {

using namespace std::chrono_literals;

constexpr const char* server_path = "/usr/sbin/kamailio";
constexpr sim::Identity root = {};
constexpr unsigned executable = 0755;

struct Account {
  const char* name;
  std::uint32_t id;
};
// As Debian has them, or gives them.
constexpr std::array<Account, 3> users = {{{"root", 0}, {"kamailio", 113}, {"nobody", 65534}}};
constexpr std::array<Account, 4> groups = {
    {{"root", 0}, {"kamailio", 121}, {"nogroup", 65534}, {"daemon", 1}}};

template <std::size_t size>
std::string name_in(const std::array<Account, size>& accounts, std::uint32_t id) {
  const auto* const found = std::ranges::find(accounts, id, &Account::id);
  return found == accounts.end() ? std::to_string(id) : found->name;
}

host::Result<void> done(const sim::Errno<void>& result, const std::string& what) {
  if (!result) {
    return tl::unexpected(
        host::Error{.text = what + ": " + std::generic_category().message(result.error())});
  }
  return {};
}

std::string text_of(int error) { return std::generic_category().message(error); }

host::Endpoint host_endpoint(const Endpoint& endpoint) {
  return {.kind = endpoint.transport == Transport::udp ? host::Endpoint::Kind::udp
                                                       : host::Endpoint::Kind::tcp,
          .address = endpoint.address,
          .port = static_cast<std::uint16_t>(endpoint.port)};
}

sim::SipReply sip_reply(const Reply& reply) {
  sim::SipReply sip{.after = reply.after, .fields = reply.fields, .closes = reply.closes};
  if (reply.status.empty()) {
    sip.bytes = reply.text;
  } else {
    const auto blank = reply.status.find(' ');
    sip.code = number_of(reply.status.substr(0, blank)).value_or(0);
    sip.reason = reply.status.substr(blank + 1);
  }
  return sip;
}

sim::SipBehaviour sip_behaviour(const Responder& responder) {
  sim::SipBehaviour behaviour{.ignores = responder.ignores, .replies = {}};
  for (const auto& reply : responder.replies) {
    behaviour.replies.push_back(sip_reply(reply));
  }
  return behaviour;
}

// Has the FIFO open and never reads.
sim::Task<int> hold_open(sim::Stage& me, std::string path) {
  const auto fifo = me.open_fifo(path);
  if (fifo) {
    me.ignore(*fifo);
  }
  for (;;) {
    (void)co_await me.next();
  }
}

sim::Task<int> sleep(sim::Stage& me) {
  for (;;) {
    (void)co_await me.next();
  }
}

std::string kind_of(sim::Inode::Type type) {
  switch (type) {
    case sim::Inode::Type::fifo:
      return "fifo";
    case sim::Inode::Type::socket:
      return "socket";
    case sim::Inode::Type::symbolic_link:
      return "link";
    case sim::Inode::Type::regular:
    case sim::Inode::Type::directory:
    case sim::Inode::Type::zero_device:
    case sim::Inode::Type::null_device:
      return "file";
  }
  return "file";
}

Ending ending_of(const sim::WaitStatus& status) {
  if (status.by == sim::WaitStatus::By::signal) {
    return Killed{status.value};
  }
  return Exited{status.value};
}

}  // namespace

Paper::Paper()
    : pipe_(std::make_shared<sim::Pipe>()),
      reading_end_(std::make_unique<sim::PipeEnd>(pipe_, sim::PipeEnd::Use::reading)) {}

std::shared_ptr<sim::PipeEnd> Paper::writing_end() const {
  return std::make_shared<sim::PipeEnd>(pipe_, sim::PipeEnd::Use::writing);
}

std::string Paper::text() const { return read_ += pipe_->read_all(); }

WorldGround::WorldGround()
    // As on the real ground: nobody's home.
    : environment_(host::helper_environment({{"HOME", "/nonexistent"}})),
      player_(machine_.processes.add({.parent = sim::Processes::init, .name = "player"}).id.pid) {
  for (const auto& [name, id] : groups) {
    machine_.users.add_group(name, id);
  }
  for (std::size_t i = 0; i < users.size(); ++i) {
    machine_.users.add_user(users.at(i).name,
                            {.id = users.at(i).id, .primary_group = groups.at(i).id});
  }
  machine_.sockets.add_address("192.168.159.128");
  machine_.sockets.set_default_route({.error = ENETUNREACH});
  constexpr unsigned shared = 0770;
  machine_.put_directory("/etc/kamailio");
  machine_.put_directory("/run/kamailio", shared, {.user = users[1].id, .group = groups[1].id});
  install_programs();
  own_pids_ = {sim::Processes::init, player_};
}

void WorldGround::install_programs() {
  machine_.install(server_path, sim::kamailio(std::make_shared<const sim::KamailioProfile>()));
  machine_.install("/usr/sbin/kamctl", sim::kamctl({}));
  machine_.install("/usr/bin/sipsak", sim::sipsak({}));
  machine_.put_file("/usr/sbin/kamcmd", "", executable);
}

host::Result<host::Owner> WorldGround::owner_in(const Access& access) const {
  const auto user = machine_.users.find_user(access.user);
  const auto group = machine_.users.find_group(access.group);
  if (!user || !group) {
    return tl::unexpected(
        host::Error{.text = "no user " + access.user + " or group " + access.group});
  }
  return host::Owner{.user = user->id, .group = *group};
}

host::Result<void> WorldGround::make(const File& file) {
  const auto owner = owner_in(file.access);
  if (!owner) {
    return tl::unexpected(owner.error());
  }
  machine_.put_file(file.path, file.text, static_cast<unsigned>(file.access.mode), *owner);
  return {};
}

host::Result<void> WorldGround::make(const Directory& directory) {
  const auto owner = owner_in(directory.access);
  if (!owner) {
    return tl::unexpected(owner.error());
  }
  machine_.put_directory(directory.path, static_cast<unsigned>(directory.access.mode), *owner);
  return {};
}

host::Result<void> WorldGround::make(const PidFile& file) {
  const int pid = own_process(file.names);
  return make(File{.path = file.path, .text = std::to_string(pid) + "\n", .access = file.access});
}

int WorldGround::own_process(PidOf fate) {
  const int pid = begin(sleep);
  if (fate != PidOf::living) {
    machine_.processes.end(*machine_.processes.find(pid), {});
    wait(1ms);
  }
  if (fate == PidOf::dead) {
    static_cast<void>(machine_.processes.reap(*machine_.processes.find(pid)));
  }
  return pid;
}

int WorldGround::begin(sim::Life life) {
  auto& process = machine_.processes.add({.parent = player_, .name = "player"});
  const int pid = process.id.pid;
  own_pids_.insert(pid);
  sim::WorldStage::put_on(machine_, process, std::move(life), {});
  wait(1ms);
  return pid;
}

host::Result<void> WorldGround::make(const Fifo& fifo) {
  constexpr unsigned nobodys = 0600;
  const auto owner = owner_in(fifo.access);
  if (!owner) {
    return tl::unexpected(owner.error());
  }
  machine_.put_directory(fifo.path.substr(0, fifo.path.rfind('/')));
  auto made = machine_.files.mkfifo(fifo.path, nobodys, root);
  if (made && fifo.reader == Fifo::Reader::silent) {
    begin([path = fifo.path](sim::Stage& me) { return hold_open(me, path); });
  }
  if (made) {
    made = machine_.files.chown(fifo.path, *owner, root);
  }
  if (made) {
    made = machine_.files.chmod(fifo.path, static_cast<unsigned>(fifo.access.mode), root);
  }
  return done(made, fifo.path);
}

host::Result<void> WorldGround::make(const Responder& responder) {
  const int pid =
      begin(sim::sip_responder({host_endpoint(responder.at)}, sip_behaviour(responder)));
  own_endpoints_.push_back(responder.at);
  if (machine_.processes.find(pid)->ended) {
    return tl::unexpected(host::Error{.text = word_of(responder.at) + ": cannot be taken"});
  }
  return {};
}

host::Result<void> WorldGround::make(const Without& without) {
  if (!machine_.files.exists(without.path)) {
    return tl::unexpected(host::Error{.text = without.path + " is not there anyway"});
  }
  machine_.files.vanish(without.path);
  return {};
}

// The file of SIM_PROFILE tells the actors what it tells the fake programs.
void WorldGround::set(const Variable& variable) {
  environment_[variable.name] = variable.value;
  if (variable.name == "SIM_PROFILE") {
    const auto text = machine_.files.read(variable.value, root);
    if (!text) {
      throw std::runtime_error("SIM_PROFILE=" + variable.value + ": cannot be read");
    }
    const auto profile = sim::read_profile_file(variable.value, *text);
    if (!profile) {
      throw std::runtime_error(profile.error().message());
    }
    machine_.install(
        server_path,
        sim::kamailio(std::make_shared<const sim::KamailioProfile>(profile->kamailio)));
  }
}

host::Result<Ended> WorldGround::run(const Launch& launch) {
  const auto user = machine_.users.find_user(launch.user);
  if (!user) {
    return tl::unexpected(host::Error{.text = "no user " + launch.user});
  }
  auto arguments = launch.arguments;
  for (const auto* const directory : {"/usr/sbin/", "/usr/bin/"}) {
    if (machine_.files.exists(directory + arguments.front())) {
      arguments.front().insert(0, directory);
    }
  }
  out_ = std::make_unique<Paper>();
  err_ = std::make_unique<Paper>();
  const auto start = now();
  const auto pid = machine_.spawn({.arguments = std::move(arguments),
                                   .environment = environment_,
                                   .parent = player_,
                                   .identity = {.user = user->id, .group = user->primary_group},
                                   .session = sim::Machine::NewProcess::Session::own,
                                   .out = out_->writing_end(),
                                   .err = err_->writing_end()});
  if (!pid) {
    return tl::unexpected(
        host::Error{.text = launch.arguments.front() + ": " + text_of(pid.error())});
  }
  Ended ended{.ending = ending_by(*pid, start + launch.lasts)};
  ended.took = std::chrono::duration_cast<Duration>(now() - start);
  if (std::holds_alternative<std::monostate>(ended.ending)) {
    send(SIGTERM, *pid);
    if (std::holds_alternative<std::monostate>(ending_by(*pid, now() + 2s))) {
      send(SIGKILL, *pid);
      static_cast<void>(ending_by(*pid, now() + 1s));
    }
    ended.ending.emplace<Hangs>();
  }
  return ended;
}

// Nothing if it has not ended by then.
Ending WorldGround::ending_by(int pid, host::TimePoint deadline) {
  const auto has_ended = [&] { return machine_.processes.find(pid)->ended.has_value(); };
  if (!machine_.time.pass_until(deadline, has_ended)) {
    return {};
  }
  return ending_of(machine_.processes.reap(*machine_.processes.find(pid)));
}

Printed WorldGround::printed() const {
  return {.out = lines_in(out_->text()), .err = lines_in(err_->text())};
}

void WorldGround::send(int signal, int pid) {
  if (auto* const process = machine_.processes.find(pid)) {
    machine_.processes.send(*process, signal);
  }
}

Answered WorldGround::ask(const Endpoint& at, Duration lasts) {
  const auto said = [](int error) {
    return Answered{error == ECONNREFUSED ? "refused" : text_of(error)};
  };
  const auto deadline = now() + lasts;
  const auto socket = machine_.sockets.connect(host_endpoint(at), root);
  if (!socket) {
    return said(socket.error());
  }
  machine_.time.pass_until(deadline, [&] { return (*socket)->is_writable(); });
  if (const int error = (*socket)->take_error(); error != 0) {
    return said(error);
  }
  if (const auto sent = (*socket)->send(request_to(at)); !sent) {
    return said(sent.error());
  }
  if (!machine_.time.pass_until(deadline, [&] { return (*socket)->is_readable(); })) {
    return {"nothing"};
  }
  constexpr std::size_t enough = 4096;
  const auto response = (*socket)->receive(enough);
  if (!response) {
    return said(response.error());
  }
  return {response->empty() ? "closed" : response->substr(0, response->find('\r'))};
}

Census WorldGround::look_around() const {
  Census census;
  for (const auto& [pid, process] : machine_.processes.all()) {
    if (process.ended) {
      continue;
    }
    SeenProcess seen{.pid = pid,
                     .parent = process.parent,
                     .name = process.name,
                     .user = name_in(users, process.identity.user),
                     .is_stopped = process.is_stopped};
    if (own_pids_.contains(pid)) {
      seen.of = SeenProcess::Of::player;
    } else if (process.executable == server_path) {
      seen.of = SeenProcess::Of::server;
    }
    census.processes.push_back(std::move(seen));
  }
  for (const auto* const directory : {"/run", "/tmp"}) {
    add_files_below(directory, census.files);
  }
  std::ranges::sort(census.files, {}, &SeenFile::path);
  for (const auto& end : machine_.sockets.awaiting_requests()) {
    const bool is_udp = end.kind == host::Endpoint::Kind::udp;
    const Endpoint endpoint{.transport = is_udp ? Transport::udp : Transport::tcp,
                            .address = end.address,
                            .port = end.port};
    const bool is_inet = is_udp || end.kind == host::Endpoint::Kind::tcp;
    if (is_inet && std::ranges::find(own_endpoints_, endpoint) == own_endpoints_.end()) {
      census.listens.push_back(endpoint);
    }
  }
  std::ranges::sort(census.listens, {}, [](const Endpoint& endpoint) { return word_of(endpoint); });
  return census;
}

void WorldGround::add_files_below(const std::string& directory,
                                  std::vector<SeenFile>& files) const {
  const auto names = machine_.files.list(directory, root).value();
  for (const auto& name : names) {
    const std::string path = directory + "/" + name;
    const auto status = machine_.files.lstat(path, root).value();
    if (status.type == sim::Inode::Type::directory) {
      add_files_below(path, files);
    } else {
      files.push_back(file_at(path, status));
    }
  }
}

SeenFile WorldGround::file_at(const std::string& path, const sim::FileStat& status) const {
  SeenFile file{.path = path,
                .is = kind_of(status.type),
                .access = {.user = name_in(users, status.owner.user),
                           .group = name_in(groups, status.owner.group),
                           .mode = static_cast<int>(status.mode)}};
  if (status.type == sim::Inode::Type::regular) {
    file.text = machine_.files.read(path, root).value();
  }
  return file;
}

}  // namespace calibration
