#pragma once

#include "agent/host/clock.h"
#include "agent/host/process_table.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace host::contract {

using Arguments = std::vector<std::string>;

// A machine on which a test can start processes and end them. A started process sleeps until it is
// ended; `arguments` follow the path of its program. It is a child of this process. When a start
// returns, the process runs its program already. The world ends what is left.
class ProcessTableWorld {
 public:
  virtual ~ProcessTableWorld() = default;

  [[nodiscard]] virtual ProcessTable& table() = 0;
  [[nodiscard]] virtual Clock& clock() = 0;

  [[nodiscard]] virtual int own_pid() = 0;

  // A text that no other process of the machine has in its arguments.
  [[nodiscard]] virtual std::string mark() = 0;

  // Each returns a pid.
  [[nodiscard]] virtual int start(const Arguments& arguments) = 0;
  [[nodiscard]] virtual int start_with_name(const std::string& name,  // proc(5): comm
                                            const Arguments& arguments) = 0;
  [[nodiscard]] virtual int start_that_ends_after(Duration duration,  // and stays as a zombie
                                                  const Arguments& arguments) = 0;
  [[nodiscard]] virtual int start_uninterruptible(const Arguments& arguments) = 0;
  [[nodiscard]] virtual int start_of_ordinary_user(const Arguments& arguments) = 0;
  // With a PID namespace and a mount namespace of its own.
  [[nodiscard]] virtual int start_in_container(const Arguments& arguments) = 0;

  // A thread that has a number of its own, but is not a process.
  [[nodiscard]] virtual int start_thread() = 0;

  // The program of a started process, and its end while the process runs on.
  [[nodiscard]] virtual std::string program_of(int pid) = 0;
  virtual void delete_program_of(int pid) = 0;

  // Each returns when it has had its effect.
  virtual void stop(int pid) = 0;
  virtual void make_zombie(int pid) = 0;
  virtual void end(int pid) = 0;  // and reap

  // Whether it exists and is no zombie.
  [[nodiscard]] virtual bool lives(int pid) = 0;

  [[nodiscard]] virtual bool has_root() = 0;

  // Not even root can make PID namespaces in every container.
  [[nodiscard]] virtual bool has_containers() = 0;

  [[nodiscard]] virtual std::uint32_t ordinary_user() = 0;  // uid

  // Acts as an ordinary user, in every respect. Only where has_root().
  virtual void as_ordinary_user(const std::function<void()>& act) = 0;

  // Acts while signals with a handler that restarts no system call arrive all the time.
  virtual void while_signals_arrive(const std::function<void()>& act) = 0;
};

}  // namespace host::contract
