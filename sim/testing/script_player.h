#pragma once

#include "agent/host/contract/script.h"
#include "sim/process/simulated_stage.h"

#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace sim::testing {

using host::contract::Act;
using host::contract::Description;
using host::contract::Script;
using host::contract::Step;

// Runs the test programs of the contract tests in the simulated machine.
class ScriptPlayer {
 public:
  ScriptPlayer(SimulatedStage& me, const Machine& machine) : me_(me), machine_(machine) {}

  // The exit code, after the script has set it.
  Task<int> play(Script script) {
    for (const auto& step : script) {
      if (const auto code = co_await take(step)) {
        co_return *code;
      }
    }
    co_return 0;
  }

 private:
  static constexpr std::chrono::microseconds a_moment{10};

  Task<std::optional<int>> take(Step step) {
    const std::string name_with_pid = step.text + std::to_string(me_.pid());
    const auto number = static_cast<std::size_t>(step.number);
    switch (step.act) {
      case Act::write_out:
        co_await me_.write(Stream::out, step.text);
        break;
      case Act::write_err:
        co_await me_.write(Stream::err, step.text);
        break;
      case Act::fill_out:
        co_await me_.write(Stream::out, host::contract::filler(number));
        break;
      case Act::fill_err:
        co_await me_.write(Stream::err, host::contract::filler(number));
        break;
      case Act::flood_out:
        tell_ready();
        for (;;) {
          co_await me_.write(Stream::out, std::string(4096, 'y'));
          co_await me_.rest(a_moment);
        }
      case Act::close_output:
        me_.close(Stream::out);
        me_.close(Stream::err);
        break;
      case Act::write_pid:
        co_await me_.write(Stream::out, std::to_string(me_.pid()));
        break;
      case Act::describe:
        co_await me_.write(Stream::out, host::contract::text_of(description()));
        break;
      case Act::exit:
        co_return step.number;
      case Act::die:
        co_await me_.die(step.number);
        break;
      case Act::rest:
        co_await me_.rest(std::chrono::milliseconds(step.number));
        break;
      case Act::stay:
        tell_ready();
        co_return co_await stay();
      case Act::stop:
        tell_ready();
        (void)me_.kill(me_.pid(), SIGSTOP);
        co_await me_.rest({});
        break;
      case Act::meet:
        co_await meet(step);
        break;
      case Act::await_file:
        while (!me_.file(step.text)) {
          co_await me_.rest(std::chrono::milliseconds(5));
        }
        break;
      case Act::ignore_terminate:
        me_.use_signal(SIGTERM, SignalUse::ignored);
        break;
      case Act::touch_at_terminate:
        to_touch_ = step.text;
        me_.use_signal(SIGTERM, SignalUse::handled);
        break;
      case Act::make_fifo:
        (void)me_.make_fifo(name_with_pid, 0600);
        break;
      case Act::make_file:
        (void)me_.write_file(name_with_pid, "");
        break;
      case Act::start_child:
      case Act::start_session:
      case Act::start_daemon:
        co_await start(step);
        break;
    }
    co_return std::nullopt;
  }

  Task<int> stay() {
    for (;;) {
      const auto event = co_await me_.next();
      if (const auto* const signal = std::get_if<GotSignal>(&event);
          signal != nullptr && signal->number == SIGTERM) {
        (void)me_.write_file(to_touch_, "");
        co_return 0;
      }
    }
  }

  Task<void> meet(Step step) {
    (void)me_.make_fifo(step.text, 0600);
    if (step.number == 0) {
      const auto fifo = me_.open_fifo(step.text);
      (void)co_await me_.next();
      me_.close(fifo.value());
    } else {
      const auto fifo = co_await me_.open_fifo_to_write(step.text);
      (void)me_.send(fifo.value(), "here");
      me_.close(fifo.value());
    }
  }

  // Continues when the new process waits, or has ended.
  Task<void> start(Step step) {
    const auto ready = me_.make_pipe();
    const auto parents_own = ready_;
    (void)me_.fork([this, step, ready, parents_own](Stage& child) -> Task<int> {
      ScriptPlayer player(dynamic_cast<SimulatedStage&>(child), machine_);
      child.close(ready.reading);
      if (parents_own) {
        child.close(*parents_own);
      }
      player.ready_ = ready.writing;
      child.use_signal(SIGTERM, SignalUse::standard);
      if (step.act != Act::start_child) {
        child.lead_session();
      }
      if (step.act != Act::start_daemon) {
        co_return co_await player.play(step.steps);
      }
      (void)child.fork([&machine = player.machine_, step, ready](Stage& daemon) -> Task<int> {
        ScriptPlayer inner(dynamic_cast<SimulatedStage&>(daemon), machine);
        inner.ready_ = ready.writing;
        co_return co_await inner.play(step.steps);
      });
      co_return 0;
    });
    me_.close(ready.writing);
    for (;;) {
      const auto event = co_await me_.next();
      const auto* const end = std::get_if<GotEnd>(&event);
      if (end != nullptr && end->descriptor == ready.reading) {
        break;
      }
    }
    me_.close(ready.reading);
  }

  void tell_ready() {
    if (ready_) {
      me_.close(*std::exchange(ready_, std::nullopt));
    }
  }

  Description description() {
    const Process& process = std::as_const(me_).process();
    std::string ignored;
    for (const auto& [number, disposition] : process.dispositions) {
      ignored += disposition == Disposition::ignored ? std::to_string(number) + " " : "";
    }
    std::string descriptors;
    for (const int number : me_.open_descriptors()) {
      descriptors += std::to_string(number) + " ";
    }
    Description found = {{"working directory", "/"},
                         {"standard input", "/dev/null"},
                         {"descriptors", descriptors},
                         {"ignored signals", ignored},
                         {"blocked signals", ""},
                         {"pid", std::to_string(me_.pid())},
                         {"session", std::to_string(process.session)}};
    for (const auto& [name, value] : *process.environment) {
      found["variable " + name] = value;
    }
    return found;
  }

  SimulatedStage& me_;
  const Machine& machine_;
  std::optional<Descriptor> ready_;
  std::string to_touch_;
};

}  // namespace sim::testing
