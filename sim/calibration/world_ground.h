#pragma once

#include "sim/calibration/ground.h"
#include "sim/world/machine.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace calibration {

// What a simulated program has printed.
class Paper {
 public:
  Paper();
  [[nodiscard]] std::shared_ptr<sim::PipeEnd> writing_end() const;
  [[nodiscard]] std::string text() const;

 private:
  std::shared_ptr<sim::Pipe> pipe_;
  std::unique_ptr<sim::PipeEnd> reading_end_;
  mutable std::string read_;
};

// A simulated machine on which Kamailio, sipsak and kamctl are installed.
class WorldGround final : public Ground {
 public:
  WorldGround();

  [[nodiscard]] host::Result<void> make(const File& file) override;
  [[nodiscard]] host::Result<void> make(const Directory& directory) override;
  [[nodiscard]] host::Result<void> make(const PidFile& file) override;
  [[nodiscard]] host::Result<void> make(const Fifo& fifo) override;
  [[nodiscard]] host::Result<void> make(const Responder& responder) override;
  [[nodiscard]] host::Result<void> make(const Without& without) override;
  void set(const Variable& variable) override;

  [[nodiscard]] host::Result<Ended> run(const Launch& launch) override;
  [[nodiscard]] Printed printed() const override;
  void send(int signal, int pid) override;
  [[nodiscard]] Answered ask(const Endpoint& at, Duration lasts) override;
  [[nodiscard]] Census look_around() const override;

  [[nodiscard]] host::TimePoint now() const override { return machine_.time.now(); }
  void wait(host::Duration duration) override { machine_.time.pass_until(now() + duration); }

 private:
  void install_programs();
  [[nodiscard]] host::Result<host::Owner> owner_in(const Access& access) const;
  int own_process(PidOf fate);
  // A process of the player that lives like this.
  int begin(sim::Life life);
  [[nodiscard]] Ending ending_by(int pid, host::TimePoint deadline);
  void add_files_below(const std::string& directory, std::vector<SeenFile>& files) const;
  [[nodiscard]] SeenFile file_at(const std::string& path, const sim::FileStat& status) const;

  sim::Machine machine_;
  std::map<std::string, std::string> environment_;
  int player_;  // its process; it does nothing, so it reaps nobody either
  std::set<int> own_pids_;
  std::vector<Endpoint> own_endpoints_;
  std::unique_ptr<Paper> out_;
  std::unique_ptr<Paper> err_;
};

}  // namespace calibration
