#include "conformance/report/testing/browser.h"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace conformance::testing {
namespace {

using Json = nlohmann::json;

constexpr auto patience = std::chrono::seconds(30);

// The descriptors of Chromium's debugging pipe.
constexpr int browser_reads = 3;
constexpr int browser_writes = 4;
constexpr int above_those = 10;

struct Pipe {
  int reads = -1;
  int writes = -1;
};

int moved_up(int descriptor) {
  const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, above_those);
  close(descriptor);
  return moved;
}

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe");
  }
  return {.reads = moved_up(ends[0]), .writes = moved_up(ends[1])};
}

pid_t spawn(const std::vector<std::string>& arguments, int reads, int writes) {
  std::vector<char*> words;
  for (const auto& argument : arguments) {
    words.push_back(const_cast<char*>(argument.c_str()));  // NOLINT: as posix_spawn wants it
  }
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, reads, browser_reads);
  posix_spawn_file_actions_adddup2(&actions, writes, browser_writes);
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, words.front(), &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), words.front());
  }
  return pid;
}

}  // namespace

Browser::Browser() {
  auto name = (std::filesystem::temp_directory_path() / "browser.XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), name);
  }
  directory_ = name;
  try {
    start();
  } catch (...) {
    stop();
    throw;
  }
}

Browser::~Browser() { stop(); }

void Browser::start() {
  const auto commands = make_pipe();
  const auto answers = make_pipe();
  to_browser_ = commands.writes;
  from_browser_ = answers.reads;
  std::vector<std::string> arguments = {"chromium",
                                        "--headless",
                                        "--remote-debugging-pipe",
                                        "--disable-gpu",
                                        "--disable-dev-shm-usage",
                                        "--no-first-run",
                                        "--user-data-dir=" + (directory_ / "profile").string(),
                                        "about:blank"};
  if (geteuid() == 0) {
    arguments.insert(arguments.begin() + 1, "--no-sandbox");  // root cannot have one
  }
  pid_ = spawn(arguments, commands.reads, answers.writes);
  close(commands.reads);
  close(answers.writes);

  const auto target = Json::parse(command("Target.createTarget", R"({"url": "about:blank"})"));
  const Json attach = {{"targetId", target.at("targetId")}, {"flatten", true}};
  session_ = Json::parse(command("Target.attachToTarget", attach.dump()))
                 .at("sessionId")
                 .get<std::string>();
  for (const auto* const domain : {"Page", "Runtime", "Log", "Network"}) {
    command(std::string(domain) + ".enable");
  }
}

void Browser::stop() {
  if (pid_ > 0) {
    kill(-pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(to_browser_);
  close(from_browser_);
  // Its helpers may still write while they end.
  std::error_code error;
  for (int i = 0; i < 10; ++i) {
    std::filesystem::remove_all(directory_, error);
    if (!error) {
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

void Browser::resize(int width, int height) {
  const Json size = {
      {"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", width < 500}};
  command("Emulation.setDeviceMetricsOverride", size.dump());
}

void Browser::prefer(Scheme scheme) {
  const Json feature = {{"name", "prefers-color-scheme"},
                        {"value", scheme == Scheme::dark ? "dark" : "light"}};
  command("Emulation.setEmulatedMedia", Json{{"features", Json::array({feature})}}.dump());
}

void Browser::forbid_scripts() {
  command("Emulation.setScriptExecutionDisabled", R"({"value": true})");
}

void Browser::open(const std::string& page, const std::string& fragment) {
  // Uses a new name each time, because otherwise only the fragment would change.
  const auto file = directory_ / ("page" + std::to_string(last_id_) + ".html");
  std::ofstream(file, std::ios::binary) << page;
  page_address_ = "file://" + file.string();
  const auto address = page_address_ + (fragment.empty() ? "" : "#" + fragment);
  events_.clear();
  command("Page.navigate", Json{{"url", address}}.dump());
  wait_for("Page.loadEventFired");
}

std::string Browser::evaluate(const std::string& expression) {
  const Json question = {{"expression", "String(" + expression + ")"}};
  const auto answer = Json::parse(command("Runtime.evaluate", question.dump()));
  if (answer.contains("exceptionDetails")) {
    throw std::runtime_error(expression + ": " + answer.at("exceptionDetails").dump());
  }
  return answer.at("result").at("value").get<std::string>();
}

void Browser::type(const std::string& text) {
  command("Input.insertText", Json{{"text", text}}.dump());
}

void Browser::press_tab() {
  constexpr int tab = 9;
  for (const auto* const kind : {"rawKeyDown", "keyUp"}) {
    const Json key = {
        {"type", kind}, {"key", "Tab"}, {"code", "Tab"}, {"windowsVirtualKeyCode", tab}};
    command("Input.dispatchKeyEvent", key.dump());
  }
}

void Browser::point_at(double x, double y) {
  command("Input.dispatchMouseEvent", Json{{"type", "mouseMoved"}, {"x", x}, {"y", y}}.dump());
}

std::string Browser::command(const std::string& method, const std::string& parameters) {
  Json message = {{"id", ++last_id_}, {"method", method}, {"params", Json::parse(parameters)}};
  if (!session_.empty()) {
    message["sessionId"] = session_;
  }
  const std::string text = message.dump() + '\0';
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto written = write(to_browser_, rest.data(), rest.size());
    if (written <= 0) {
      throw std::runtime_error("Chromium is gone");
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  for (;;) {
    const auto received = read_message();
    const auto answer = Json::parse(received);
    if (!answer.contains("id")) {
      note(received);
    } else if (answer.at("id") == last_id_) {
      if (answer.contains("error")) {
        throw std::runtime_error(method + ": " + answer.at("error").dump());
      }
      return answer.at("result").dump();
    }
  }
}

void Browser::wait_for(const std::string& event) {
  while (std::ranges::find(events_, event) == events_.end()) {
    note(read_message());
  }
  events_.clear();
}

std::string Browser::read_message() {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const auto end = received_.find('\0');
    if (end != std::string::npos) {
      auto message = received_.substr(0, end);
      received_.erase(0, end + 1);
      return message;
    }
    pollfd waits{.fd = from_browser_, .events = POLLIN, .revents = 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    std::array<char, 65536> buffer{};
    if (left.count() <= 0 || poll(&waits, 1, static_cast<int>(left.count())) <= 0) {
      throw std::runtime_error("Chromium does not answer");
    }
    const auto size = read(from_browser_, buffer.data(), buffer.size());
    if (size <= 0) {
      throw std::runtime_error("Chromium has ended");
    }
    received_.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

void Browser::note(const std::string& message) {
  const auto event = Json::parse(message);
  const auto method = event.value("method", "");
  const auto& parameters = event.value("params", Json::object());
  events_.push_back(method);
  if (method == "Network.requestWillBeSent") {
    const auto address = parameters.at("request").at("url").get<std::string>();
    if (address != page_address_) {
      requests_.push_back(address);
    }
  } else if (method == "Page.javascriptDialogOpening") {
    complaints_.push_back(parameters.dump());
    // Does not wait for the reply: the page does.
    const Json close = {{"id", ++last_id_},
                        {"method", "Page.handleJavaScriptDialog"},
                        {"params", {{"accept", true}}},
                        {"sessionId", session_}};
    const std::string text = close.dump() + '\0';
    [[maybe_unused]] const auto written = write(to_browser_, text.data(), text.size());
  } else if (method == "Runtime.consoleAPICalled" || method == "Runtime.exceptionThrown" ||
             method == "Log.entryAdded") {
    complaints_.push_back(parameters.dump());
  }
}

}  // namespace conformance::testing
